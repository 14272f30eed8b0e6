import { GELU_BITS, type GeluBits } from '../approximation/gelu-derivative.js';
import { describeValue } from '../checks/describe-value.js';
import { nearName } from '../checks/near-name.js';
import { UsageError } from '../errors.js';

/** Bits to which what a norm or attention keeps can be rounded. */
export const KEPT_BITS = [4, 8] as const;
export type KeptBits = (typeof KEPT_BITS)[number];

/**
 * What the layers between the linear ones keep for the backward pass, at less than full precision.
 * What is left out stays exact.
 */
export interface KeepChoice {
  /** Bits of GELU's input: see {@link fewBitGelu}. Biased. */
  readonly gelu?: GeluBits;
  /** Bits of normalised rows, or features over a batch: see {@link compressKept}. Nearly unbiased. */
  readonly norm?: KeptBits;
  /** Bits of the queries, keys and values that attention reads: see {@link compressKept}. */
  readonly attention?: KeptBits;
}

const ACCEPTED: Readonly<Record<keyof KeepChoice, readonly number[]>> = {
  gelu: GELU_BITS,
  norm: KEPT_BITS,
  attention: KEPT_BITS,
};

/**
 * Checks a choice that came from outside, such as from a command line.
 * @param names what there is to be kept in few bits
 * @throws UsageError for a name or a number of bits that there is not
 */
export function checkKeepChoice(
  choice: Readonly<Record<string, number | undefined>>,
  names: readonly (keyof KeepChoice)[] = Object.keys(ACCEPTED) as (keyof KeepChoice)[],
): asserts choice is KeepChoice & Record<string, number | undefined> {
  if (typeof choice !== 'object' || choice === null || Array.isArray(choice))
    throw new UsageError(
      `keep must be an object of bits, such as { gelu: 3, norm: 8 }, but it is ${describeValue(choice)}`,
    );
  for (const [name, bits] of Object.entries(choice)) {
    if (!(names as readonly string[]).includes(name))
      throw new UsageError(
        `'${name}' cannot be kept in few bits${nearName(name, names)}; ${names.join(', ')} can`,
      );
    const accepted = ACCEPTED[name as keyof KeepChoice];
    if (bits !== undefined && !accepted.includes(bits))
      throw new UsageError(`${name} keeps ${accepted.join(', ')} bits, not ${describeValue(bits)}`);
  }
}
