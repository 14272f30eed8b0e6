import { UsageError } from '../errors.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import type { Key } from '../random/key.js';
import { expectKey, expectType } from './rules.js';

/** Distributions of a sketch's entries that every backend can draw. */
export type SketchKind = 'gaussian' | 'rademacher';

type Attributes = { readonly kind: SketchKind; readonly rows: number; readonly stream: number };

const build = defineOp<Attributes>({
  name: 'sketch',
  infer: ([x, key], { rows }) => {
    expectType('x', x!, 'f32', 2);
    expectKey(key!);
    return [{ shape: [rows, x!.shape[1]!], dtype: 'f32' }];
  },
  // What is kept in place of an activation is not differentiated: only a weight's gradient reads it.
  vjp: 'none',
  flops: ([x], _, { rows }) => 2 * rows * elements(x!),
});

/**
 * Sᵀ x with S [n, rows] of independent entries, mean 0 and variance 1/rows, drawn tile by tile from
 * the key and never stored. Column j of S starts at block j · ⌈n / perBlock⌉ of the stream:
 * Gaussian entries take five 12-bit indices of the quantile table from a block, Rademacher entries
 * one bit each of 64 (bit i of word 0, then of word 1; a set bit is −1); entries are scaled by the
 * f32 number 1/√rows.
 *
 * @param x f32 [n, features]
 * @returns f32 [rows, features]
 * @throws UsageError unless `rows` is a whole number ≥ 1
 */
export function sketch(
  x: Value,
  { kind, rows, key }: { kind: SketchKind; rows: number; key: Key },
): Value {
  if (!Number.isInteger(rows) || rows < 1)
    throw new UsageError(`a sketch needs at least one row, not ${rows}`);
  return build([x, key.value], { kind, rows, stream: key.stream })[0]!;
}
