import { checkOptions } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';
import { checkKey, checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import type { Key } from '../random/key.js';
import { expectKey, expectType } from './rules.js';

type Attributes = {
  /** Elements whose 16 random bits are below this are dropped: rate = threshold / 65536. */
  readonly threshold: number;
  readonly stream: number;
};

const build = defineOp<Attributes>({
  name: 'dropout',
  infer: ([x, key]) => {
    expectType('x', x!, 'f32');
    expectKey(key!);
    return [x!];
  },
  // Linear with the same mask, which is drawn again from the key instead of being kept.
  vjp: ([, key], _, [dy], attributes) => [apply(dy!, key!, attributes), undefined],
  flops: ([x]) => elements(x!),
  cheap: true,
  overwrites: [0],
});

const apply = (x: Value, key: Value, attributes: Attributes): Value =>
  build([x, key], attributes)[0]!;

/** @throws UsageError for what no rate comes to */
export function checkThreshold(name: string, threshold: unknown): void {
  if (!Number.isInteger(threshold) || (threshold as number) < 0 || (threshold as number) > 65535)
    throw new UsageError(
      `${name} must be an integer from 0 to 65535, but it is ${describeValue(threshold)}`,
    );
}

/** @throws UsageError for a rate outside [0, 1) */
export function dropoutThreshold(rate: number): number {
  if (!(typeof rate === 'number' && rate >= 0 && rate < 1))
    throw new UsageError(`dropout must be in [0, 1), not ${describeValue(rate)}`);
  return Math.min(Math.round(rate * 65536), 65535);
}

/**
 * Zeroes each element with probability `rate` (to within 2⁻¹⁷) and scales the others by
 * 1/(1 − rate), so that the mean stays. Element e takes 16 of the 64 bits of Threefry block ⌊e/4⌋:
 * low half of word 0, high half of word 0, low half of word 1, high half of word 1.
 * f32, any shape. @throws UsageError for a rate outside [0, 1)
 */
export function dropout(x: Value, options: { rate: number; key: Key }): Value {
  checkValue('dropout: x', x);
  checkOptions('dropout', options, { rate: true, key: checkKey });
  const { rate, key } = options;
  const threshold = dropoutThreshold(rate);
  return threshold === 0 ? x : apply(x, key.value, { threshold, stream: key.stream });
}
