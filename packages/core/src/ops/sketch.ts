import { checkCount, oneOf, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { checkKey, checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import type { Key } from '../random/key.js';
import { diagonalBlocks } from './diagonal-blocks.js';
import { sketchType } from './sketch-type.js';

/** Distributions of a sketch's entries that every backend can draw. */
const SKETCH_KINDS = ['gaussian', 'rademacher'] as const;
export type SketchKind = (typeof SKETCH_KINDS)[number];

type Attributes = {
  readonly kind: SketchKind;
  readonly rows: number;
  readonly stream: number;
  /** Given exactly where the node has a third input, the order. */
  readonly blockRows: number | undefined;
};

const build = defineOp<Attributes>({
  name: 'sketch',
  infer: (inputs, { rows }) => sketchType(inputs, rows),
  // What is kept in place of an activation is not differentiated: only a weight's gradient reads it.
  vjp: 'none',
  flops: ([x], _, { rows, blockRows }) => {
    const [n, features] = x!.shape as [number, number];
    return diagonalBlocks(n, rows, blockRows).reduce(
      (sum, { begin, end, sketchBegin, sketchEnd }) =>
        sum + 2 * (end - begin) * (sketchEnd - sketchBegin) * features,
      0,
    );
  },
});

/** What {@link sketch} is told. */
interface SketchOptions {
  readonly kind: SketchKind;
  readonly rows: number;
  readonly key: Key;
  /** Cuts S into diagonal blocks of about so many of x's rows, taken in this order, i32 [n]. */
  readonly blocks?: { readonly rows: number; readonly order: Value };
}

function checkBlocks(name: string, blocks: unknown): void {
  checkOptions(name, blocks as NonNullable<SketchOptions['blocks']>, {
    ...{ rows: checkCount, order: checkValue },
  });
}

/**
 * Sᵀ x with S [n, rows] of independent entries, mean 0 and variance 1/rows, drawn tile by tile from
 * the key and never stored. Column j of S starts at block j · ⌈n / perBlock⌉ of the stream:
 * Gaussian entries take five 12-bit indices of the quantile table from a block, Rademacher entries
 * one bit each of 64 (bit i of word 0, then of word 1; a set bit is −1); entries are scaled by the
 * f32 number 1/√rows.
 *
 * With `blocks`, x's rows in their order are cut into diagonal blocks ({@link diagonalBlocks}), each
 * with a part of the sketch's rows of its own, p_b of them: the work falls by blocks.rows / n. An
 * entry's variance is then 1/p_b; column j starts at block j · ⌈m / perBlock⌉, for m rows in the
 * largest block. A run fails with a BackendError for an index of the order outside [0, n).
 *
 * @param x f32 [n, features]
 * @returns f32 [rows, features]
 * @throws UsageError unless `rows` and `blocks.rows` are whole numbers ≥ 1
 */
export function sketch(x: Value, options: SketchOptions): Value {
  checkOptions('sketch', options, {
    kind: oneOf(SKETCH_KINDS),
    rows: checkCount,
    key: checkKey,
    blocks: optional(checkBlocks),
  });
  const { kind, rows, key, blocks } = options;
  const inputs = blocks ? [x, key.value, blocks.order] : [x, key.value];
  const attributes = { kind, rows, stream: key.stream, blockRows: blocks?.rows };
  return build(inputs, attributes)[0]!;
}
