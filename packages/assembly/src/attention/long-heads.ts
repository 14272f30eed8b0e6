// A head of a long sequence: queries, keys and values are copied out of their projections to matrices
// without gaps, which a matrix library multiplies. Keys lie in rows of a multiple of 8, as scores do;
// those behind the last one are zeros, and not open.
import { at } from '../memory/lanes';
import { multiply, multiplyTransposed, transposedMultiply } from './library';
import { moveRows, scaleRows } from './move-rows';
import { paneled } from './product';
import { drawnRoom, roomOf } from './room';
import { keptFactor, openKeys, powersOfBlock, scaleOf, scoreGradientOfBlock } from './rows';

/** Rows to a matrix of `padded` rows of `size` numbers, times a factor. */
function rowsOfHead(
  source: usize, stride: usize, count: i32, padded: i32, size: i32, target: usize, factor: f32,
): void {
  const row = usize(size) << 2;
  moveRows(source, stride, count, size, target, row, factor);
  memory.fill(target + usize(count) * row, 0, usize(padded - count) * row);
}

/** Attention of a head of a sequence. */
export function attendLongHead(
  query: usize, keys: usize, wide: usize, mask: usize, context: usize, narrow: usize,
  logSumExp: usize, n: i32, size: i32,
  key: usize, stream: i32, threshold: i32, drawn: u64, own: usize, queries: i32,
): void {
  const padded = paneled(n);
  const together = min(queries, n);
  let next = own;
  const bits = next;
  if (threshold != 0) next += roomOf(drawnRoom(together * n));
  const open = next;
  next += roomOf(padded);
  const keysOfHead = next;
  next += roomOf(padded * size);
  const valuesOfHead = next;
  next += roomOf(padded * size);
  const factors = next;
  next += roomOf(together);
  // Contexts of a block take the place of its queries.
  const block = next;
  next += roomOf(together * size);
  const scores = next;
  const any = openKeys(mask, n, open, padded);
  rowsOfHead(keys, wide, n, padded, size, keysOfHead, scaleOf(size));
  rowsOfHead(keys + (keys - query), wide, n, padded, size, valuesOfHead, 1);
  const narrowest = usize(size) << 2;
  for (let i = 0; i < n; i += queries) {
    const count = min(queries, n - i);
    moveRows(query + usize(i) * wide, wide, count, size, block, narrowest, 1);
    multiplyTransposed(block, keysOfHead, scores, count, size, padded);
    powersOfBlock(
      scores, open, any, padded, n, count, bits, key, stream, threshold, drawn + u64(i) * u64(n),
      at(logSumExp, i), factors,
    );
    multiply(scores, valuesOfHead, block, count, padded, size);
    scaleRows(block, narrowest, context + usize(i) * narrow, narrow, count, size, factors);
  }
}

/** `narrow`, the bytes of a row of dcontext, is also how far keys lie from queries, and values from keys. */
export function gradientOfLongHead(
  query: usize, gradient: usize, narrow: usize, wide: usize, mask: usize, logSumExp: usize,
  dcontext: usize, n: i32, size: i32,
  key: usize, stream: i32, threshold: i32, drawn: u64, own: usize, queries: i32,
): void {
  const padded = paneled(n);
  const together = min(queries, n);
  const kept = keptFactor(threshold);
  const scale = scaleOf(size);
  let next = own;
  const bits = next;
  if (threshold != 0) next += roomOf(drawnRoom(together * n));
  const open = next;
  next += roomOf(padded);
  const keysOfHead = next;
  next += roomOf(padded * size);
  const valuesOfHead = next;
  next += roomOf(padded * size);
  const dkeys = next;
  next += roomOf(padded * size);
  const dvalues = next;
  next += roomOf(padded * size);
  // Cotangents of a block's queries take the queries' place.
  const block = next;
  next += roomOf(together * size);
  const dout = next;
  next += roomOf(together * size);
  const scores = next;
  next += roomOf(together * padded);
  const dscores = next;
  openKeys(mask, n, open, padded);
  rowsOfHead(query + narrow, wide, n, padded, size, keysOfHead, scale);
  rowsOfHead(query + 2 * narrow, wide, n, padded, size, valuesOfHead, 1);
  const narrowest = usize(size) << 2;
  for (let i = 0; i < n; i += queries) {
    const count = min(queries, n - i);
    moveRows(query + usize(i) * wide, wide, count, size, block, narrowest, 1);
    moveRows(dcontext + usize(i) * narrow, narrow, count, size, dout, narrowest, 1);
    multiplyTransposed(block, keysOfHead, scores, count, size, padded);
    multiplyTransposed(dout, valuesOfHead, dscores, count, size, padded);
    scoreGradientOfBlock(
      scores, dscores, open, padded, n, count, bits, key, stream, threshold, drawn + u64(i) * u64(n),
      at(logSumExp, i),
    );
    const more = i > 0;
    transposedMultiply(dscores, block, dkeys, padded, count, size, more);
    transposedMultiply(scores, dout, dvalues, padded, count, size, more);
    multiply(dscores, keysOfHead, block, count, padded, size);
    moveRows(block, narrowest, count, size, gradient + usize(i) * wide, wide, kept);
  }
  // What dropout multiplies with is left to cotangents, as the scale is to those of keys.
  moveRows(dkeys, narrowest, n, size, gradient + narrow, wide, scale * kept);
  moveRows(dvalues, narrowest, n, size, gradient + 2 * narrow, wide, kept);
}
