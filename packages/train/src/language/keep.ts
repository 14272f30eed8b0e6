import {
  checkKeepChoice,
  checkOneOf,
  describeValue,
  type KeepChoice,
  nearName,
  UsageError,
} from '@sketchgrad/core';
import { checkTyped } from './checks.js';

/** What can be kept in few bits, and bits that cost no score. */
const USUAL = { gelu: 3, norm: 8, attention: 8 } as const;
const NAMES = Object.keys(USUAL) as (keyof KeepChoice)[];

/**
 * Parses what the layers between the linear ones keep in few bits: `gelu=3,norm=8,attention=8`.
 * @param names which there are in the network
 * @throws UsageError that says what would be accepted
 */
export function parseKeep(text: string, names: readonly (keyof KeepChoice)[] = NAMES): KeepChoice {
  checkNames(names);
  checkTyped('what is kept in few bits', text, 'gelu=3,norm=8,attention=8');
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
export function describeKeep(keep: KeepChoice = {}): string {
  const text = keepText(keep);
  return text && `, keep ${text}`;
}

/** As it is typed. */
export function keepText(keep: KeepChoice): string {
  checkKeepChoice(keep as Record<string, number | undefined>);
  return Object.entries(keep)
    .map(([name, bits]) => `${name}=${bits}`)
    .join(',');
}

function checkNames(names: unknown): void {
  if (!Array.isArray(names) || names.length === 0)
    throw new UsageError(
      `what can be kept in few bits is a list of ${NAMES.join(', ')}, but it is ${describeValue(names)}`,
    );
  for (const name of names) checkOneOf('what can be kept in few bits', name, NAMES);
}
