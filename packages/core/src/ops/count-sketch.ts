import { checkCount, checkGivenFlag, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { UsageError } from '../errors.js';
import { checkKey, checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import type { Key } from '../random/key.js';
import { blockCount } from './diagonal-blocks.js';
import { rowsOf } from './rules.js';
import { sketchType } from './sketch-type.js';

type Attributes = {
  readonly rows: number;
  readonly stream: number;
  readonly balanced: boolean;
  readonly blockRows: number | undefined;
};

const build = defineOp<Attributes>({
  name: 'countSketch',
  infer: (inputs, { rows }) => sketchType(inputs, rows),
  // As the op sketch: only a weight's gradient reads it.
  vjp: 'none',
  flops: ([x]) => elements(x!),
});

/** What {@link countSketch} is told. */
interface CountSketchOptions {
  readonly rows: number;
  readonly key: Key;
  /** Deals rows out to bins of nearly equal size; otherwise each row's bin is drawn by itself. */
  readonly balanced: boolean;
  /** The order in which rows are dealt out or cut into blocks, i32 [n]: a random permutation. */
  readonly order?: Value;
  /** Cuts S into diagonal blocks of about so many of x's rows. */
  readonly blockRows?: number | undefined;
}

/**
 * Sᵀ x for S [n, rows] with one entry ±1 in each of its rows: each row of x is added to, or
 * subtracted from, one of `rows` bins. The t-th row is row order[t] of x, or row t without an order;
 * bins and rows are cut into diagonal blocks ({@link diagonalBlocks}), one unless told.
 *
 * - balanced: a block's bins take nearly equal parts of its rows, one behind the other
 *   ({@link partBegin}); the sign of the t-th is bit t of the stream's words (32 to a word, two words
 *   to a Threefry block; a set bit is −1);
 * - otherwise word t of the stream gives both: its lowest bit the sign, the upper 31, as a fraction
 *   of the block's count of bins, the bin.
 *
 * A run fails with a BackendError for an index of the order outside [0, n).
 *
 * @param x f32 [n, features]
 * @returns f32 [rows, features]
 * @throws UsageError unless `rows` and `blockRows` are whole numbers ≥ 1; for more rows than x has
 * where they are dealt out evenly; for dealing or blocks without an order
 */
export function countSketch(x: Value, options: CountSketchOptions): Value {
  checkOptions('countSketch', options, {
    rows: checkCount,
    key: checkKey,
    balanced: checkGivenFlag,
    order: optional(checkValue),
    blockRows: optional(checkCount),
  });
  const { rows, key, balanced, order, blockRows } = options;
  blockCount(rowsOf(x), rows, blockRows);
  if (balanced && rows > x.shape[0]!)
    throw new UsageError(
      `a balanced count-sketch deals ${x.shape[0]} rows out to at most as many, not ${rows}`,
    );
  if (!order && (balanced || blockRows !== undefined))
    throw new UsageError('rows are dealt out, or cut into blocks, in an order: pass one');
  const inputs = order ? [x, key.value, order] : [x, key.value];
  return build(inputs, { rows, stream: key.stream, balanced, blockRows })[0]!;
}
