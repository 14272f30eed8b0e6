import type { Value } from '../graph/value.js';
import { blockCount } from '../ops/diagonal-blocks.js';
import { permutation } from '../ops/permutation.js';
import { derivedKey, type Key } from '../random/key.js';

const ORDER = 1;

/** The random order of x's rows that a sketch of this key takes them in, i32 [n]. */
export const rowOrder = (x: Value, key: Key): Value =>
  permutation(x.shape[0]!, derivedKey(key, ORDER));

/** That order and a block's rows, where x is cut into more than one diagonal block. */
export const orderedBlocks = (
  x: Value,
  key: Key,
  rows: number,
  blockRows: number | undefined,
): { rows: number; order: Value } | undefined =>
  blockRows === undefined || blockCount(x.shape[0]!, rows, blockRows) === 1
    ? undefined
    : { rows: blockRows, order: rowOrder(x, key) };
