// Attention of one query a sequence: a head of a sequence at a time, all of it along the head's size.
import { paneled } from '../attention/product';
import { drawnRoom, roomOf, touchRoom } from '../attention/room';
import {
  drawBits,
  gradientOfRow,
  keptFactor,
  meanOfRow,
  openKeys,
  powersOfRow,
  scaleOf,
  scaleRow,
  sumOfPowers,
} from '../attention/rows';
import { dot } from '../math/dot';
import { at, load4, load4OrZero, store4 } from '../memory/lanes';
import { badStart, clearRows, lengthOf, ownerOf, startOf } from '../memory/sequences';

/** What a head of a sequence costs besides its rows, in rows. */
const PER_HEAD: u64 = 8;

@inline
function costOf(length: i32): u64 {
  return length == 0 ? 0 : u64(length) + PER_HEAD;
}

/** Cost of all heads of all sequences. */
function totalCost(starts: usize, examples: i32, heads: i32): u64 {
  let total: u64 = 0;
  for (let e = 0; e < examples; e++) total += costOf(lengthOf(starts, e)) * u64(heads);
  return total;
}

/** out[j] = by · x · y_j for n rows y_j, which lie `stride` bytes apart; `size` numbers each. */
function multiplyByRows(
  x: usize, y: usize, stride: usize, n: i32, size: i32, by: f32, out: usize,
): void {
  let from = y;
  for (let j = 0; j < n; j++) {
    f32.store(at(out, j), by * dot(x, from, size));
    from += stride;
  }
}

/** out = by · Σ_j weights[j] · y_j. */
function sumOfRows(
  weights: usize, y: usize, stride: usize, n: i32, size: i32, by: f32, out: usize,
): void {
  const factor = f32x4.splat(by);
  let c = 0;
  for (; c + 16 <= size; c += 16) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let from = at(y, c);
    for (let j = 0; j < n; j++) {
      const weight = v128.load32_splat(at(weights, j));
      s0 = f32x4.add(s0, f32x4.mul(weight, v128.load(from)));
      s1 = f32x4.add(s1, f32x4.mul(weight, v128.load(from, 16)));
      s2 = f32x4.add(s2, f32x4.mul(weight, v128.load(from, 32)));
      s3 = f32x4.add(s3, f32x4.mul(weight, v128.load(from, 48)));
      from += stride;
    }
    v128.store(at(out, c), f32x4.mul(s0, factor));
    v128.store(at(out, c), f32x4.mul(s1, factor), 16);
    v128.store(at(out, c), f32x4.mul(s2, factor), 32);
    v128.store(at(out, c), f32x4.mul(s3, factor), 48);
  }
  for (; c < size; c += 4) {
    let sum = f32x4.splat(0);
    let from = at(y, c);
    for (let j = 0; j < n; j++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(at(weights, j)), v128.load(from)));
      from += stride;
    }
    store4(out, c, size, f32x4.mul(sum, factor));
  }
}

/** Row j of out, which lie `stride` bytes apart, = by · weights[j] · x. */
function outerRows(
  weights: usize, x: usize, n: i32, size: i32, by: f32, out: usize, stride: usize,
): void {
  let to = out;
  for (let j = 0; j < n; j++) {
    const weight = f32x4.splat(by * f32.load(at(weights, j)));
    for (let c = 0; c < size; c += 4) store4(to, c, size, f32x4.mul(weight, load4(x, c)));
    to += stride;
  }
}

/**
 * Softmax(q Kᵀ/√size) V for each head of each sequence. queries, context: f32 [examples, features],
 * keysValues: f32 [rows, 2 · features], starts: i32 [examples + 1], mask: i32 [rows], key: i32 [2],
 * probabilities before dropout: f32 [heads, rows], 0 behind the last sequence. Gives 1 + the position
 * of a start that is wrong, or 0.
 *
 * @param scratch `room` bytes for each thread, enough for a sequence of `longest` rows
 */
export function attentionPooling(
  thread: i32, threads: i32, queries: usize, keysValues: usize, starts: usize, mask: usize, key: usize,
  context: usize, probabilities: usize, rows: i32, examples: i32, heads: i32, size: i32, longest: i32,
  stream: i32, threshold: i32, scratch: usize, room: usize,
): i32 {
  const wrong = badStart(starts, examples, rows, longest);
  if (wrong != 0) return wrong;
  const features = heads * size;
  const stride = usize(features) << 3;
  for (let h = 0; h < heads; h++) {
    const row = at(probabilities, u32(h) * u32(rows));
    clearRows(thread, threads, row, startOf(starts, examples), rows, 1);
  }
  const kept = keptFactor(threshold);
  // A sequence without rows has no probability, and so a context of zeros.
  const sharers = min(threads, examples * heads);
  const own = scratch + usize(thread) * room;
  if (thread < sharers) touchRoom(own, room);
  const total = totalCost(starts, examples, heads);
  let before: u64 = 0;
  for (let e = 0; e < examples; e++) {
    const first = startOf(starts, e);
    const n = lengthOf(starts, e);
    if (n == 0) {
      if (thread == 0) clearRows(0, 1, context, e, e + 1, features);
      continue;
    }
    const padded = paneled(n);
    let next = own;
    const bits = next;
    if (threshold != 0) next += roomOf(drawnRoom(n));
    const open = next;
    next += roomOf(padded);
    const row = next;
    for (let h = 0; h < heads; h++) {
      if (ownerOf(before, costOf(n), total, sharers) == thread) {
        const query = at(queries, u32(e) * u32(features) + h * size);
        const keys = at(keysValues + usize(first) * stride, h * size);
        const any = openKeys(at(mask, first), n, open, padded);
        multiplyByRows(query, keys, stride, n, size, scaleOf(size), row);
        powersOfRow(row, open, any, padded, 0, 0);
        const found = at(probabilities, u32(h) * u32(rows) + first);
        const by = f32x4.splat(1 / sumOfPowers);
        for (let j = 0; j < n; j += 4) store4(found, j, n, f32x4.mul(load4(row, j), by));
        let rowBits: usize = 0;
        if (threshold != 0) {
          const element = u64(first) * u64(heads) + u64(h) * u64(n);
          rowBits = drawBits(bits, key, stream, element, n);
        }
        scaleRow(row, row, padded, kept / sumOfPowers, rowBits, threshold);
        const out = at(context, u32(e) * u32(features) + h * size);
        sumOfRows(row, at(keys, features), stride, n, size, 1, out);
      }
      before += costOf(n);
    }
  }
  return 0;
}

/**
 * Cotangents of attentionPooling's queries, f32 [examples, features], and of its keys and values, f32
 * [rows, 2 · features], which may lie over those: 0 behind the last sequence. probabilities: f32 [heads,
 * rows], dcontext: f32 [examples, features]; the rest as in {@link attentionPooling}.
 */
export function attentionPoolingGradient(
  thread: i32, threads: i32, queries: usize, keysValues: usize, starts: usize, key: usize,
  probabilities: usize, dcontext: usize, dkeysValues: usize, dqueries: usize, rows: i32,
  examples: i32, heads: i32, size: i32, longest: i32, stream: i32, threshold: i32,
  scratch: usize, room: usize,
): i32 {
  const wrong = badStart(starts, examples, rows, longest);
  if (wrong != 0) return wrong;
  const features = heads * size;
  const stride = usize(features) << 3;
  const scale = scaleOf(size);
  const kept = keptFactor(threshold);
  clearRows(thread, threads, dkeysValues, startOf(starts, examples), rows, 2 * features);
  const sharers = min(threads, examples * heads);
  const own = scratch + usize(thread) * room;
  if (thread < sharers) touchRoom(own, room);
  const total = totalCost(starts, examples, heads);
  let before: u64 = 0;
  for (let e = 0; e < examples; e++) {
    const first = startOf(starts, e);
    const n = lengthOf(starts, e);
    if (n == 0) {
      if (thread == 0) clearRows(0, 1, dqueries, e, e + 1, features);
      continue;
    }
    const padded = paneled(n);
    let next = own;
    const bits = next;
    if (threshold != 0) next += roomOf(drawnRoom(n));
    const row = next;
    next += roomOf(padded);
    const drow = next;
    for (let h = 0; h < heads; h++) {
      if (ownerOf(before, costOf(n), total, sharers) == thread) {
        const offset = u32(e) * u32(features) + h * size;
        const dout = at(dcontext, offset);
        const place = usize(first) * stride + (usize(h * size) << 2);
        const keys = keysValues + place;
        const found = at(probabilities, u32(h) * u32(rows) + first);
        for (let j = 0; j < padded; j += 4) {
          v128.store(at(row, j), j < n ? load4OrZero(found, j, n) : f32x4.splat(0));
          v128.store(at(drow, j), f32x4.splat(0));
        }
        multiplyByRows(dout, at(keys, features), stride, n, size, 1, drow);
        let rowBits: usize = 0;
        if (threshold != 0) {
          const element = u64(first) * u64(heads) + u64(h) * u64(n);
          rowBits = drawBits(bits, key, stream, element, n);
        }
        const mean = meanOfRow(row, drow, padded, rowBits, threshold);
        gradientOfRow(row, drow, padded, 1, mean, rowBits, threshold);
        sumOfRows(drow, keys, stride, n, size, scale * kept, at(dqueries, offset));
        // Keys and values are read by now: their cotangents may take their place.
        outerRows(drow, at(queries, offset), n, size, scale * kept, dkeysValues + place, stride);
        outerRows(row, dout, n, size, kept, at(dkeysValues + place, features), stride);
      }
      before += costOf(n);
    }
  }
  return 0;
}
