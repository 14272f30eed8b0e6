// Attention within sequences: a head of a sequence at a time, its queries block by block, so that
// scores stay in a core's caches. The products of long sequences are large enough for a matrix library.
import { attendLongHead, gradientOfLongHead } from '../attention/long-heads';
import { attendShortHead, gradientOfShortHead } from '../attention/short-heads';
import { touchRoom } from '../attention/room';
import { at } from '../memory/lanes';
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
 * @param long rows from which on a sequence's products are those of a matrix library, with the scores of
 * `longQueries` there at a time
 */
export function attention(
  thread: i32, threads: i32, projections: usize, starts: usize, mask: usize, key: usize,
  context: usize, logSumExp: usize, rows: i32, examples: i32, heads: i32, size: i32, longest: i32,
  stream: i32, threshold: i32, scratch: usize, room: usize, queries: i32, long: i32, longQueries: i32,
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
        const keys = at(query, features);
        const open = at(mask, first);
        const out = at(context + usize(first) * narrow, h * size);
        const sums = at(logSumExp, u32(h) * u32(rows) + first);
        if (n < long) {
          attendShortHead(
            query, keys, wide, open, out, narrow, sums, n, size,
            key, stream, threshold, drawn, own, queries,
          );
        } else {
          attendLongHead(
            query, keys, wide, open, out, narrow, sums, n, size,
            key, stream, threshold, drawn, own, longQueries,
          );
        }
      }
      before += costOf(n);
      drawn += pairs;
    }
  }
  return 0;
}

/**
 * Cotangent of attention's projections, f32 [rows, 3 · features], which may lie over them: 0 behind
 * the last sequence. logSumExp: f32 [heads, rows], dcontext: f32 [rows, features]; the rest as in
 * {@link attention}.
 */
export function attentionGradient(
  thread: i32, threads: i32, projections: usize, starts: usize, mask: usize, key: usize,
  logSumExp: usize, dcontext: usize, gradient: usize, rows: i32, examples: i32, heads: i32, size: i32,
  longest: i32, stream: i32, threshold: i32, scratch: usize, room: usize, queries: i32, long: i32, longQueries: i32,
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
        const query = projections + offset;
        const dquery = gradient + offset;
        const open = at(mask, first);
        const sums = at(logSumExp, u32(h) * u32(rows) + first);
        const dout = at(dcontext + usize(first) * narrow, h * size);
        if (n < long) {
          gradientOfShortHead(
            query, dquery, narrow, wide, open, sums, dout, n, size,
            key, stream, threshold, drawn, own, queries,
          );
        } else {
          gradientOfLongHead(
            query, dquery, narrow, wide, open, sums, dout, n, size,
            key, stream, threshold, drawn, own, longQueries,
          );
        }
      }
      before += costOf(n);
      drawn += pairs;
    }
  }
  return 0;
}
