import { checkKeepChoice, type KeepChoice, nearName, UsageError } from '@sketchgrad/core';

/** What can be kept in few bits, and bits that cost no score. */
const USUAL = { gelu: 3, norm: 8, attention: 8 } as const;
const NAMES = Object.keys(USUAL) as (keyof KeepChoice)[];

/**
 * Parses what the layers between the linear ones keep in few bits: `gelu=3,norm=8,attention=8`.
 * @param names which there are in the network
 * @throws UsageError that says what would be accepted
 */
export function parseKeep(text: string, names: readonly (keyof KeepChoice)[] = NAMES): KeepChoice {
  const bits: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [, name, value] = /^\s*(\w+)=(\d+)\s*$/.exec(part) ?? [];
    if (name === undefined)
      throw new UsageError(
        `'${part}' is not like ${names[0]}=${USUAL[names[0]!]}, of ${names.join(', ')} and bits`,
      );
    if (!(names as readonly string[]).includes(name))
      throw new UsageError(`'${name}' is none of ${names.join(', ')}${nearName(name, names)}`);
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
