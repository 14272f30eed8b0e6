import { checkCount, oneOf, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';
import { checkKey, checkNode, checkValue } from '../graph/arguments.js';
import type { Node } from '../graph/node.js';
import { defineOp } from '../graph/op.js';
import { checkType, type TensorType } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import type { Key } from '../random/key.js';
import { blockCount, partBegin } from './diagonal-blocks.js';
import { expectKey, expectShape, expectType, rowsOf } from './rules.js';

/**
 * Orthonormal bases C of L = 2^m rows that have a fast transform. Entry i of row r:
 *
 * - dct (DCT-II): √(1/L) for r = 0, else √(2/L) cos(π (2i + 1) r / 2L);
 * - dft, of real numbers: √(1/L) for r = 0, √(1/L) (−1)^i for r = L − 1, else √(2/L) cos(2π k i / L)
 *   for r = 2k − 1 and √(2/L) sin(2π k i / L) for r = 2k;
 * - hadamard (Sylvester's): √(1/L), negative where r and i have an odd number of bits in common.
 */
export const TRANSFORMS = ['dct', 'dft', 'hadamard'] as const;
export type Transform = (typeof TRANSFORMS)[number];

type Attributes = {
  readonly transform: Transform;
  readonly rows: number;
  readonly stream: number;
  readonly replacement: boolean;
  readonly blockRows: number | undefined;
};

const build = defineOp<Attributes>({
  name: 'transformSketch',
  infer: ([x, key, ...lists], { rows }) => {
    expectType('x', x!, 'f32', 2);
    expectKey(key!);
    for (const list of lists) expectType('a list of rows', list, 'i32', 1);
    return [{ shape: [rows, x!.shape[1]!], dtype: 'f32' }];
  },
  // As the op sketch: only a weight's gradient reads it.
  vjp: 'none',
  flops: ([x], _, { transform, rows, blockRows }) => {
    const { length, count } = transformSizes(x!, rows, blockRows);
    const features = x!.shape[1]!;
    const steps = length * Math.log2(length) * count * features;
    return transform === 'hadamard' ? steps : 2.5 * steps + 7 * rows * features;
  },
});

/**
 * How long the columns are that are transformed, a power of two, and into how many diagonal blocks
 * x is cut.
 *
 * @throws UsageError unless `rows` and `blockRows` are whole numbers ≥ 1
 */
export function transformSizes(
  x: TensorType,
  rows: number,
  blockRows: number | undefined,
): { length: number; count: number } {
  checkType('transformSizes: x', x);
  const count = blockCount(x.shape[0]!, rows, blockRows);
  // The first block is among the longest.
  const longest = partBegin(x.shape[0]!, count, 1);
  return { length: 2 ** Math.ceil(Math.log2(Math.max(1, longest))), count };
}

/** What {@link transformSketch} is told. */
interface TransformSketchOptions {
  readonly transform: Transform;
  readonly rows: number;
  readonly key: Key;
  /** Cuts x into diagonal blocks of about so many rows. */
  readonly blockRows?: number | undefined;
  /** The order in which blocks take x's rows, i32 [n]; with several blocks alone. */
  readonly order?: Value | undefined;
  /** Where among the L places of its block each row goes, i32 [blocks · L]; not for hadamard. */
  readonly slots?: Value | undefined;
  /** A random order of each block's L rows of the basis, i32 [blocks · L]; drawn one by one if none. */
  readonly chosen?: Value | undefined;
}

/**
 * Sᵀ x for S = D Pᵀ Cᵀ R: random signs D, places P among L ≥ n, the orthonormal basis C, and a choice
 * R of `rows` of its rows, scaled by √(L / rows); by a fast transform, never as a matrix.
 *
 * The t-th row is row order[t] of x, or row t without an order, and negated where bit t of the
 * stream's words is set (32 to a word, two words to a Threefry block). Rows are cut into diagonal
 * blocks ({@link diagonalBlocks}), each with a transform of its own: row t of a block goes to place
 * slots[t] of its part of the list, or t. Of the transformed rows it keeps the first of its part of
 * `chosen`; without that list, row j of the sketch is row ⌊word · L / 2³²⌋, for word j behind the
 * blocks that gave the signs: drawn with replacement.
 *
 * A run fails with a BackendError for a list's number that is out of range.
 *
 * @param x f32 [n, features]
 * @returns f32 [rows, features]
 * @throws UsageError unless `rows` and `blockRows` are whole numbers ≥ 1; for more rows than x has
 * where they are chosen without replacement; ShapeError for a list of the wrong length
 */
export function transformSketch(x: Value, options: TransformSketchOptions): Value {
  checkOptions('transformSketch', options, {
    transform: oneOf(TRANSFORMS),
    rows: checkCount,
    key: checkKey,
    blockRows: optional(checkCount),
    order: optional(checkValue),
    slots: optional(checkValue),
    chosen: optional(checkValue),
  });
  const { transform, rows, key, blockRows, order, slots, chosen } = options;
  const n = rowsOf(x);
  const { length, count } = transformSizes(x, rows, blockRows);
  if (chosen && rows > n)
    throw new UsageError(
      `of ${n} transformed rows at most as many are chosen without replacement, not ${rows}`,
    );
  if (count > 1 !== (order !== undefined))
    throw new UsageError('several blocks take an order of rows, and one block none');
  if ((transform === 'hadamard') === (slots !== undefined))
    throw new UsageError('dct and dft take places of rows, hadamard none');
  if (order) expectShape('order', order, [n]);
  if (slots) expectShape('slots', slots, [count * length]);
  if (chosen) expectShape('chosen', chosen, [count * length]);
  const lists = [order, slots, chosen].filter((list) => list !== undefined);
  const attributes = { transform, rows, stream: key.stream, replacement: !chosen, blockRows };
  return build([x, key.value, ...lists], attributes)[0]!;
}

/**
 * What stands for the inputs of a node of this op, by name.
 * @param of one for each of its inputs
 * @throws UsageError for another node, or another number of them
 */
export function transformInputs<T>(
  node: Node,
  of: readonly T[],
): { x: T; key: T; order: T | undefined; slots: T | undefined; chosen: T | undefined } {
  checkNode('transformInputs: node', node);
  const { op, inputs: nodeInputs, attributes } = node;
  if (op !== build.definition)
    throw new UsageError(`transformInputs is for nodes of transformSketch, not of '${op.name}'`);
  if (!Array.isArray(of) || of.length !== nodeInputs.length)
    throw new UsageError(
      `transformInputs takes one for each of ${nodeInputs.length} inputs, but it is given ${describeValue(of)}`,
    );
  const { transform, rows, blockRows, replacement } = attributes as Attributes;
  const lists = of.slice(2);
  const { count } = transformSizes(nodeInputs[0]!, rows, blockRows);
  const order = count > 1 ? lists.shift() : undefined;
  const slots = transform === 'hadamard' ? undefined : lists.shift();
  const chosen = replacement ? undefined : lists.shift();
  return { x: of[0]!, key: of[1]!, order, slots, chosen };
}
