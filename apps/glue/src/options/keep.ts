import { nearName } from '@sketchgrad/bench/command-line';
import { checkKeepChoice, type KeepChoice, UsageError } from '@sketchgrad/core';

const NAMES = ['gelu', 'norm', 'attention'];

/**
 * Parses what the layers between the linear ones keep in few bits: `gelu=3,norm=8,attention=8`.
 * @throws UsageError that says what would be accepted
 */
export function parseKeep(text: string): KeepChoice {
  const bits: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [, name, value] = /^\s*(\w+)=(\d+)\s*$/.exec(part) ?? [];
    if (name === undefined)
      throw new UsageError(`'${part}' is not like gelu=3, of ${NAMES.join(', ')} and bits`);
    if (!NAMES.includes(name))
      throw new UsageError(`'${name}' is none of ${NAMES.join(', ')}${nearName(name, NAMES)}`);
    if (name in bits) throw new UsageError(`'${name}' comes twice`);
    bits[name] = Number(value);
  }
  checkKeepChoice(bits);
  return bits;
}

/** `, keep gelu=3,norm=8` behind an estimator's name; nothing where all is kept as it is. */
export const describeKeep = (keep: KeepChoice = {}): string =>
  Object.keys(keep).length === 0 ? '' : `, keep ${keepText(keep)}`;

/** As it is typed. */
export const keepText = (keep: KeepChoice): string =>
  Object.entries(keep)
    .map(([name, bits]) => `${name}=${bits}`)
    .join(',');
