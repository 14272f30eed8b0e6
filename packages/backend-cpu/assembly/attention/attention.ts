import { expf4 } from '../math/exp';
import { dropoutBits, keptFactor } from './dropout-bits';
import { packColumns, packMask, packRows, unpackRows } from './pack';
import { smallMatmul } from './small-matmul';

/** Largest of a row of n floats, n a multiple of 4. */
// @ts-ignore: decorator
@inline
function rowMaximum(row: usize, n: i32): f32 {
  let m = f32x4.splat(-Infinity);
  for (let j = 0; j < n; j += 4) m = f32x4.max(m, v128.load(row + (<usize>j << 2)));
  return max<f32>(
    max<f32>(f32x4.extract_lane(m, 0), f32x4.extract_lane(m, 1)),
    max<f32>(f32x4.extract_lane(m, 2), f32x4.extract_lane(m, 3)),
  );
}

// @ts-ignore: decorator
@inline
function lanes(sum: v128): f32 {
  return (
    f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  );
}

/**
 * Multi-head attention, a head of a sequence at a time: four rows of scores are made, normalised,
 * dropped and multiplied by the values while they are in the cache. `work` is this kernel's scratch
 * memory, `each` bytes for a thread. See core's op `attention` for shapes and random bits.
 */
export function attention(
  thread: i32, threads: i32,
  projections: usize, mask: usize, key: usize, context: usize, logSumExp: usize,
  batch: i32, sequence: i32, features: i32, heads: i32, size: i32,
  threshold: i32, stream: i32, work: usize, each: usize,
): void {
  const keys = (sequence + 7) & ~7;
  const width = (size + 3) & ~3;
  const stride = <usize>features * 12;
  const keyRow = <usize>keys << 2;
  const widthRow = <usize>width << 2;
  const q = work + <usize>thread * each;
  const kt = q + 4 * widthRow;
  const v = kt + <usize>width * keyRow;
  const open = v + <usize>keys * widthRow;
  const scores = open + keyRow;
  const out = scores + 4 * keyRow;
  const bits = out + 4 * widthRow;
  const scale: f32 = <f32>(1.0 / Math.sqrt(<f64>size));
  const kept = keptFactor(threshold);

  for (let task = thread; task < batch * heads; task += threads) {
    const b = task / heads;
    const head = task - b * heads;
    const base = projections + <usize>b * <usize>sequence * stride + <usize>(head * size) * 4;
    const used = packMask(mask + <usize>b * <usize>sequence * 4, sequence, open, keys);
    packColumns(base + <usize>features * 4, stride, sequence, size, kt, keys, width);
    packRows(base + <usize>features * 8, stride, sequence, size, v, keys, width, 1);
    for (let i = 0; i < sequence; i += 4) {
      const rows = min<i32>(4, sequence - i);
      packRows(base + <usize>i * stride, stride, rows, size, q, 4, width, scale);
      smallMatmul(q, widthRow, 4, kt, keyRow, scores, keyRow, 4, used, width);
      for (let r = 0; r < rows; r++) {
        const row = scores + <usize>r * keyRow;
        const at = <usize>task * <usize>sequence + <usize>(i + r);
        store<f32>(logSumExp + (at << 2), normalizeRow(row, open, used));
        if (threshold != 0) {
          const first = <u64>at * <u64>sequence;
          const from = dropoutBits(bits, key, stream, first, used);
          dropRow(row, from, used, threshold, kept);
        }
      }
      smallMatmul(scores, keyRow, 4, v, widthRow, out, widthRow, 4, width, used);
      const to = context + ((<usize>b * <usize>sequence + <usize>i) * <usize>features + <usize>(head * size)) * 4;
      unpackRows(out, width, to, <usize>features * 4, rows, size, 1);
    }
  }
}

/** Softmax of a row in place; returns log Σ exp. A row without an open key becomes zeros, and 0. */
function normalizeRow(row: usize, open: usize, used: i32): f32 {
  for (let j = 0; j < used; j += 4) {
    const at = row + (<usize>j << 2);
    v128.store(at, f32x4.add(v128.load(at), v128.load(open + (<usize>j << 2))));
  }
  const largest = rowMaximum(row, used);
  if (largest == -Infinity) {
    memory.fill(row, 0, <usize>used << 2);
    return 0;
  }
  const shift = f32x4.splat(largest);
  let sums = f32x4.splat(0);
  for (let j = 0; j < used; j += 4) {
    const at = row + (<usize>j << 2);
    const e = expf4(f32x4.sub(v128.load(at), shift));
    v128.store(at, e);
    sums = f32x4.add(sums, e);
  }
  const sum = lanes(sums);
  const inverse = f32x4.splat(<f32>1 / sum);
  for (let j = 0; j < used; j += 4) {
    const at = row + (<usize>j << 2);
    v128.store(at, f32x4.mul(v128.load(at), inverse));
  }
  return largest + <f32>Math.log(<f64>sum);
}

/** Zeroes what is dropped and scales the rest. `bits`: u16 for each element. */
function dropRow(row: usize, bits: usize, used: i32, threshold: i32, kept: f32): void {
  const limit = i32x4.splat(threshold);
  const factor = f32x4.splat(kept);
  for (let j = 0; j < used; j += 4) {
    const at = row + (<usize>j << 2);
    const keep = i32x4.ge_s(v128.load_ext<u16>(bits + (<usize>j << 1)), limit);
    v128.store(at, v128.and(f32x4.mul(v128.load(at), factor), keep));
  }
}

/** Gradient of {@link attention}: see core's op `attentionGradient`. */
export function attentionGradient(
  thread: i32, threads: i32,
  projections: usize, mask: usize, key: usize, logSumExp: usize, dcontext: usize, gradient: usize,
  batch: i32, sequence: i32, features: i32, heads: i32, size: i32,
  threshold: i32, stream: i32, work: usize, each: usize,
): void {
  const keys = (sequence + 7) & ~7;
  const width = (size + 3) & ~3;
  const stride = <usize>features * 12;
  const keyRow = <usize>keys << 2;
  const widthRow = <usize>width << 2;
  const matrix = <usize>keys * widthRow;
  const q = work + <usize>thread * each;
  const k = q + matrix;
  const dout = k + matrix;
  const kt = dout + matrix;
  const vt = kt + matrix;
  const open = vt + matrix;
  const ds = open + keyRow;
  const p = ds + <usize>keys * keyRow;
  const product = p + <usize>keys * keyRow;
  const bits = product + matrix;
  const scale: f32 = <f32>(1.0 / Math.sqrt(<f64>size));
  const kept = keptFactor(threshold);

  for (let task = thread; task < batch * heads; task += threads) {
    const b = task / heads;
    const head = task - b * heads;
    const offset = <usize>b * <usize>sequence * stride + <usize>(head * size) * 4;
    const base = projections + offset;
    const to = gradient + offset;
    const from = dcontext + (<usize>b * <usize>sequence * <usize>features + <usize>(head * size)) * 4;
    const used = packMask(mask + <usize>b * <usize>sequence * 4, sequence, open, keys);
    packRows(base, stride, sequence, size, q, keys, width, scale);
    packRows(base + <usize>features * 4, stride, sequence, size, k, keys, width, 1);
    packColumns(base + <usize>features * 4, stride, sequence, size, kt, keys, width);
    packColumns(base + <usize>features * 8, stride, sequence, size, vt, keys, width);
    packRows(from, <usize>features * 4, sequence, size, dout, keys, width, 1);

    const padded = (sequence + 3) & ~3;
    for (let i = 0; i < padded; i += 4) {
      const pRows = p + <usize>i * keyRow;
      const dsRows = ds + <usize>i * keyRow;
      smallMatmul(q + <usize>i * widthRow, widthRow, 4, kt, keyRow, pRows, keyRow, 4, used, width);
      smallMatmul(dout + <usize>i * widthRow, widthRow, 4, vt, keyRow, dsRows, keyRow, 4, used, width);
      for (let r = 0; r < 4; r++) {
        const pRow = pRows + <usize>r * keyRow;
        const dsRow = dsRows + <usize>r * keyRow;
        if (i + r >= sequence) {
          memory.fill(pRow, 0, <usize>used << 2);
          memory.fill(dsRow, 0, <usize>used << 2);
          continue;
        }
        const at = <usize>task * <usize>sequence + <usize>(i + r);
        let drawn: usize = 0;
        if (threshold != 0) {
          drawn = dropoutBits(bits, key, stream, <u64>at * <u64>sequence, used);
        }
        scoreGradients(pRow, dsRow, open, load<f32>(logSumExp + (at << 2)), used, drawn, threshold, kept);
      }
    }
    // Keys past the last open one get no gradient: their rows of the products are not made.
    const rest = max<i32>(0, sequence - used);
    const done = min<i32>(used, sequence);
    smallMatmul(ds, keyRow, 4, k, widthRow, product, widthRow, padded, width, used);
    unpackRows(product, width, to, stride, sequence, size, scale);
    smallMatmul(ds, 4, keyRow, q, widthRow, product, widthRow, used, width, padded);
    unpackRows(product, width, to + <usize>features * 4, stride, done, size, 1);
    smallMatmul(p, 4, keyRow, dout, widthRow, product, widthRow, used, width, padded);
    unpackRows(product, width, to + <usize>features * 8, stride, done, size, 1);
    for (let i = done; i < done + rest; i++) {
      const row = to + <usize>i * stride;
      memory.fill(row + <usize>features * 4, 0, <usize>size << 2);
      memory.fill(row + <usize>features * 8, 0, <usize>size << 2);
    }
  }
}

/**
 * A row of scores and of dP̃ (the cotangents of the probabilities after dropout) becomes one of
 * dropped probabilities P̃ and of dS. `drawn`: where the row's dropout bits are, 0 without dropout.
 */
function scoreGradients(
  pRow: usize, dsRow: usize, open: usize, logSum: f32, used: i32,
  drawn: usize, threshold: i32, kept: f32,
): void {
  const shift = f32x4.splat(logSum);
  const limit = i32x4.splat(threshold);
  const factor = f32x4.splat(kept);
  let sums = f32x4.splat(0);
  for (let j = 0; j < used; j += 4) {
    const at = <usize>j << 2;
    const score = f32x4.add(v128.load(pRow + at), v128.load(open + at));
    const probability = expf4(f32x4.sub(score, shift));
    let dprobability = v128.load(dsRow + at);
    if (drawn != 0) {
      const keep = i32x4.ge_s(v128.load_ext<u16>(drawn + (<usize>j << 1)), limit);
      dprobability = v128.and(f32x4.mul(dprobability, factor), keep);
    }
    v128.store(pRow + at, probability);
    v128.store(dsRow + at, dprobability);
    sums = f32x4.add(sums, f32x4.mul(probability, dprobability));
  }
  const mean = f32x4.splat(lanes(sums));
  for (let j = 0; j < used; j += 4) {
    const at = <usize>j << 2;
    const probability = v128.load(pRow + at);
    v128.store(dsRow + at, f32x4.mul(probability, f32x4.sub(v128.load(dsRow + at), mean)));
    if (drawn != 0) {
      const keep = i32x4.ge_s(v128.load_ext<u16>(drawn + (<usize>j << 1)), limit);
      v128.store(pRow + at, v128.and(f32x4.mul(probability, factor), keep));
    }
  }
}
