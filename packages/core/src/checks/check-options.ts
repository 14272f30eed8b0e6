import { UsageError } from '../errors.js';
import type { Check } from './check-members.js';
import { describeValue } from './describe-value.js';
import { nearName } from './near-name.js';

/**
 * All names of an interface's options, each with what checks it, or `true` where something else does:
 * one that is missing here is an error of types.
 */
export type OptionNames<Options> = { readonly [Name in keyof Required<Options>]: true | Check };

/**
 * Checks options that came from outside.
 *
 * @param of what takes them: `fineTune`
 * @throws UsageError for what is no object, has a name that is none of theirs, or a value that its
 * check refuses
 */
export function checkOptions<Options>(
  of: string,
  options: Options,
  names: OptionNames<NoInfer<Options>>,
): void {
  if (!isPlain(options))
    throw new UsageError(
      `${of} takes its options as an object, { ${Object.keys(names).slice(0, 3).join(', ')}${Object.keys(names).length > 3 ? ', …' : ''} }, but they are ${describeValue(options)}`,
    );
  const known = Object.keys(names);
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(
      `${of} has no option '${unknown}'${nearName(unknown, known)}; there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`,
    );
  for (const name of known) {
    const check = names[name as keyof Options];
    if (check !== true) check(`${of}'s ${name}`, options[name as keyof Options]);
  }
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  typeof (value as { then?: unknown }).then !== 'function';
