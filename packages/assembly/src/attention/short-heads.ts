// A head of a short sequence: keys and values lie in panels, and products are made by tiles.
import { at } from '../memory/lanes';
import { moveRows, scaleRows } from './move-rows';
import { multiplyColumns, multiplyRows, paneled, panelsOfColumns, panelsOfRows } from './product';
import { drawnRoom, roomOf } from './room';
import { keptFactor, openKeys, powersOfBlock, scaleOf, scoreGradientOfBlock } from './rows';

/** Attention of a head of a sequence. */
export function attendShortHead(
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
  const keysTransposed = next;
  next += roomOf(padded * size);
  const values = next;
  next += roomOf(n * paneled(size));
  const factors = next;
  next += roomOf(together);
  const scores = next;
  const any = openKeys(mask, n, open, padded);
  panelsOfColumns(keys, wide, n, size, keysTransposed, scaleOf(size));
  panelsOfRows(keys + (keys - query), wide, n, size, values, 1);
  const row = usize(padded) << 2;
  for (let i = 0; i < n; i += queries) {
    const count = min(queries, n - i);
    multiplyRows(query + usize(i) * wide, wide, count, keysTransposed, size, padded, scores, row);
    powersOfBlock(
      scores, open, any, padded, n, count, bits, key, stream, threshold, drawn + u64(i) * u64(n),
      at(logSumExp, i), factors,
    );
    const out = context + usize(i) * narrow;
    multiplyRows(scores, row, count, values, n, size, out, narrow);
    scaleRows(out, narrow, out, narrow, count, size, factors);
  }
}

/** `narrow`, the bytes of a row of dcontext, is also how far keys lie from queries, and values from keys. */
export function gradientOfShortHead(
  query: usize, gradient: usize, narrow: usize, wide: usize, mask: usize, logSumExp: usize,
  dcontext: usize, n: i32, size: i32,
  key: usize, stream: i32, threshold: i32, drawn: u64, own: usize, queries: i32,
): void {
  const padded = paneled(n);
  const columns = paneled(size);
  const together = min(queries, n);
  const kept = keptFactor(threshold);
  // What dropout multiplies with is multiplied to what cotangents of scores meet, and to those of contexts.
  const scale = scaleOf(size);
  let next = own;
  const bits = next;
  if (threshold != 0) next += roomOf(drawnRoom(together * n));
  const open = next;
  next += roomOf(padded);
  const keysTransposed = next;
  next += roomOf(padded * size);
  const valuesTransposed = next;
  next += roomOf(padded * size);
  const keys = next;
  next += roomOf(n * columns);
  const queriesOfBlock = next;
  next += roomOf(together * columns);
  const dcontextOfBlock = next;
  next += roomOf(together * columns);
  const dkeys = next;
  next += roomOf(padded * columns);
  const dvalues = next;
  next += roomOf(padded * columns);
  const scores = next;
  next += roomOf(together * padded);
  const dscores = next;
  // Keys of whole tiles of rows: scores have room for more.
  const fours = (n + 3) & ~3;
  openKeys(mask, n, open, padded);
  panelsOfColumns(query + narrow, wide, n, size, keysTransposed, scale);
  panelsOfColumns(query + 2 * narrow, wide, n, size, valuesTransposed, 1);
  panelsOfRows(query + narrow, wide, n, size, keys, scale * kept);
  const row = usize(padded) << 2;
  for (let i = 0; i < n; i += queries) {
    const count = min(queries, n - i);
    const q = query + usize(i) * wide;
    const dout = dcontext + usize(i) * narrow;
    panelsOfRows(q, wide, count, size, queriesOfBlock, scale * kept);
    panelsOfRows(dout, narrow, count, size, dcontextOfBlock, kept);
    multiplyRows(q, wide, count, keysTransposed, size, padded, scores, row);
    multiplyRows(dout, narrow, count, valuesTransposed, size, padded, dscores, row);
    scoreGradientOfBlock(
      scores, dscores, open, padded, n, count, bits, key, stream, threshold, drawn + u64(i) * u64(n),
      at(logSumExp, i),
    );
    // Queries of the block are read by now: their cotangents may take their place.
    multiplyRows(dscores, row, count, keys, n, size, gradient + usize(i) * wide, wide);
    const more = i > 0;
    multiplyColumns(dscores, row, fours, queriesOfBlock, count, columns, dkeys, more);
    multiplyColumns(scores, row, fours, dcontextOfBlock, count, columns, dvalues, more);
  }
  moveRows(dkeys, usize(columns) << 2, n, size, gradient + narrow, wide, 1);
  moveRows(dvalues, usize(columns) << 2, n, size, gradient + 2 * narrow, wide, 1);
}
