// Attention within sequences: a head of a sequence at a time, its queries block by block, so that
// scores stay in a core's caches.
import { multiplyColumns, multiplyRows, paneled, panelsOfColumns, panelsOfRows } from '../attention/product';
import { drawnRoom, roomOf, touchRoom } from '../attention/room';
import {
  drawBits,
  keptFactor,
  openKeys,
  powersOfRow,
  scaleOf,
  scoreGradientOfRow,
  sumOfPowers,
} from '../attention/rows';
import { at, load4, store4 } from '../memory/lanes';
import { badStart, clearRows, lengthOf, ownerOf, startOf } from '../memory/sequences';

/** What a row costs besides its scores, in scores. */
const PER_ROW: u64 = 16;

@inline
function costOf(length: i32): u64 {
  return u64(length) * (u64(length) + PER_ROW);
}

/** Cost of all heads of all sequences. */
function totalCost(starts: usize, examples: i32, heads: i32): u64 {
  let total: u64 = 0;
  for (let e = 0; e < examples; e++) total += costOf(lengthOf(starts, e)) * u64(heads);
  return total;
}

/**
 * Softmax(Q Kᵀ/√size) V for each head of each sequence. projections: f32 [rows, 3 · features], starts:
 * i32 [examples + 1], mask: i32 [rows], key: i32 [2], context: f32 [rows, features], logSumExp: f32
 * [heads, rows], both 0 behind the last sequence. Gives 1 + the position of a start that is wrong, or 0.
 *
 * @param scratch `room` bytes for each thread, enough for a sequence of `longest` rows
 * @param queries whose scores are there at a time
 */
export function attention(
  thread: i32, threads: i32, projections: usize, starts: usize, mask: usize, key: usize,
  context: usize, logSumExp: usize, rows: i32, examples: i32, heads: i32, size: i32, longest: i32,
  stream: i32, threshold: i32, scratch: usize, room: usize, queries: i32,
): i32 {
  const wrong = badStart(starts, examples, rows, longest);
  if (wrong != 0) return wrong;
  const features = heads * size;
  const used = startOf(starts, examples);
  clearRows(thread, threads, context, used, rows, features);
  for (let h = 0; h < heads; h++) {
    clearRows(thread, threads, at(logSumExp, u32(h) * u32(rows)), used, rows, 1);
  }
  const wide = usize(features) * 12;
  const narrow = usize(features) << 2;
  const own = scratch + usize(thread) * room;
  const sharers = min(threads, examples * heads);
  if (thread < sharers) touchRoom(own, room);
  const total = totalCost(starts, examples, heads);
  let before: u64 = 0;
  let drawn: u64 = 0;
  for (let e = 0; e < examples; e++) {
    const first = startOf(starts, e);
    const n = lengthOf(starts, e);
    const pairs = u64(n) * u64(n);
    for (let h = 0; h < heads; h++) {
      if (n > 0 && ownerOf(before, costOf(n), total, sharers) == thread) {
        const query = at(projections + usize(first) * wide, h * size);
        attendHead(
          query, at(query, features), wide, at(mask, first),
          at(context + usize(first) * narrow, h * size), narrow,
          at(logSumExp, u32(h) * u32(rows) + first), n, size,
          key, stream, threshold, drawn, own, queries,
        );
      }
      before += costOf(n);
      drawn += pairs;
    }
  }
  return 0;
}

function attendHead(
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
  const kept = keptFactor(threshold);
  const any = openKeys(mask, n, open, padded);
  panelsOfColumns(keys, wide, n, size, keysTransposed, scaleOf(size));
  panelsOfRows(keys + (keys - query), wide, n, size, values, 1);
  const row = usize(padded) << 2;
  for (let i = 0; i < n; i += queries) {
    const count = min(queries, n - i);
    multiplyRows(query + usize(i) * wide, wide, count, keysTransposed, size, padded, scores, row);
    let rowBits: usize = 0;
    if (threshold != 0) {
      rowBits = drawBits(bits, key, stream, drawn + u64(i) * u64(n), count * n);
    }
    for (let r = 0; r < count; r++) {
      const sum = powersOfRow(scores + usize(r) * row, open, any, padded, rowBits, threshold);
      f32.store(at(logSumExp, i + r), sum);
      f32.store(at(factors, r), kept / sumOfPowers);
      if (rowBits != 0) rowBits += usize(n) << 1;
    }
    const out = context + usize(i) * narrow;
    multiplyRows(scores, row, count, values, n, size, out, narrow);
    scaleRows(out, narrow, count, size, factors);
  }
}

/** Rows of `size` numbers, which lie `stride` bytes apart, each times a factor of its own. */
function scaleRows(x: usize, stride: usize, count: i32, size: i32, factors: usize): void {
  let to = x;
  for (let i = 0; i < count; i++) {
    const by = v128.load32_splat(at(factors, i));
    for (let c = 0; c < size; c += 4) store4(to, c, size, f32x4.mul(load4(to, c), by));
    to += stride;
  }
}

/**
 * Cotangent of attention's projections, f32 [rows, 3 · features], which may lie over them: 0 behind
 * the last sequence. logSumExp: f32 [heads, rows], dcontext: f32 [rows, features]; the rest as in
 * {@link attention}.
 */
export function attentionGradient(
  thread: i32, threads: i32, projections: usize, starts: usize, mask: usize, key: usize,
  logSumExp: usize, dcontext: usize, gradient: usize, rows: i32, examples: i32, heads: i32, size: i32,
  longest: i32, stream: i32, threshold: i32, scratch: usize, room: usize, queries: i32,
): i32 {
  const wrong = badStart(starts, examples, rows, longest);
  if (wrong != 0) return wrong;
  const features = heads * size;
  clearRows(thread, threads, gradient, startOf(starts, examples), rows, 3 * features);
  const wide = usize(features) * 12;
  const narrow = usize(features) << 2;
  const own = scratch + usize(thread) * room;
  const sharers = min(threads, examples * heads);
  if (thread < sharers) touchRoom(own, room);
  const total = totalCost(starts, examples, heads);
  let before: u64 = 0;
  let drawn: u64 = 0;
  for (let e = 0; e < examples; e++) {
    const first = startOf(starts, e);
    const n = lengthOf(starts, e);
    const pairs = u64(n) * u64(n);
    for (let h = 0; h < heads; h++) {
      if (n > 0 && ownerOf(before, costOf(n), total, sharers) == thread) {
        const offset = usize(first) * wide + (usize(h * size) << 2);
        gradientOfHead(
          projections + offset, gradient + offset, narrow, wide, at(mask, first),
          at(logSumExp, u32(h) * u32(rows) + first),
          at(dcontext + usize(first) * narrow, h * size), n, size,
          key, stream, threshold, drawn, own, queries,
        );
      }
      before += costOf(n);
      drawn += pairs;
    }
  }
  return 0;
}

/** `narrow`, the bytes of a row of dcontext, is also how far keys lie from queries, and values from keys. */
function gradientOfHead(
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
    let rowBits: usize = 0;
    if (threshold != 0) {
      rowBits = drawBits(bits, key, stream, drawn + u64(i) * u64(n), count * n);
    }
    for (let r = 0; r < count; r++) {
      const offset = usize(r) * row;
      const sum = f32.load(at(logSumExp, i + r));
      scoreGradientOfRow(scores + offset, dscores + offset, open, sum, padded, rowBits, threshold);
      if (rowBits != 0) rowBits += usize(n) << 1;
    }
    // Queries of the block are read by now: their cotangents may take their place.
    multiplyRows(dscores, row, count, keys, n, size, gradient + usize(i) * wide, wide);
    const more = i > 0;
    multiplyColumns(dscores, row, fours, queriesOfBlock, count, columns, dkeys, more);
    multiplyColumns(scores, row, fours, dcontextOfBlock, count, columns, dvalues, more);
  }
  copyRows(dkeys, columns, n, size, gradient + narrow, wide);
  copyRows(dvalues, columns, n, size, gradient + 2 * narrow, wide);
}

/** The first `size` of `columns` numbers of each row, to rows that lie `stride` bytes apart. */
function copyRows(
  source: usize, columns: i32, count: i32, size: i32, target: usize, stride: usize,
): void {
  for (let i = 0; i < count; i++) {
    const from = at(source, i * columns);
    const to = target + usize(i) * stride;
    for (let c = 0; c < size; c += 4) store4(to, c, size, load4(from, c));
  }
}
