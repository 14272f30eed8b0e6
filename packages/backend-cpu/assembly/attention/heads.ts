import { at } from '../memory/lanes';

/**
 * Copies the columns of `heads` neighbouring heads, `size` each, out of rows that lie `stride` bytes
 * apart: [sequence, heads, size] becomes [heads, sequence, size], times `factor`.
 */
export function packHeads(
  source: usize, stride: usize, heads: i32, sequence: i32, size: i32, target: usize, factor: f32,
): void {
  for (let head = 0; head < heads; head++) {
    for (let i = 0; i < sequence; i++) {
      const from = at(source + usize(i) * stride, head * size);
      scaleRow(from, at(target, (head * sequence + i) * size), size, factor);
    }
  }
}

/** The way back: [heads, sequence, size] to rows that lie `stride` bytes apart, times `factor`. */
export function unpackHeads(
  source: usize, heads: i32, sequence: i32, size: i32, target: usize, stride: usize, factor: f32,
): void {
  for (let i = 0; i < sequence; i++) {
    for (let head = 0; head < heads; head++) {
      const to = at(target + usize(i) * stride, head * size);
      scaleRow(at(source, (head * sequence + i) * size), to, size, factor);
    }
  }
}

@inline
function scaleRow(from: usize, to: usize, size: i32, factor: f32): void {
  const by = f32x4.splat(factor);
  let d = 0;
  for (; d + 4 <= size; d += 4) v128.store(at(to, d), f32x4.mul(v128.load(at(from, d)), by));
  for (; d < size; d++) f32.store(at(to, d), f32.load(at(from, d)) * factor);
}

/** As packHeads, each head transposed: [heads, size, sequence]. */
export function packHeadsTransposed(
  source: usize, stride: usize, heads: i32, sequence: i32, size: i32, target: usize,
): void {
  for (let head = 0; head < heads; head++) {
    transposeRows(at(source, head * size), stride, sequence, size, at(target, head * size * sequence));
  }
}

function transposeRows(source: usize, stride: usize, count: i32, size: i32, target: usize): void {
  const row = usize(count) << 2;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const r0 = source + usize(i) * stride;
    const r1 = r0 + stride;
    const r2 = r1 + stride;
    const r3 = r2 + stride;
    let to = at(target, i);
    let d = 0;
    for (; d + 4 <= size; d += 4) {
      const x0 = v128.load(at(r0, d));
      const x1 = v128.load(at(r1, d));
      const x2 = v128.load(at(r2, d));
      const x3 = v128.load(at(r3, d));
      const low01 = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5);
      const low23 = v128.shuffle<i32>(x2, x3, 0, 4, 1, 5);
      const high01 = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
      const high23 = v128.shuffle<i32>(x2, x3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<i64>(low01, low23, 0, 2));
      v128.store(to + row, v128.shuffle<i64>(low01, low23, 1, 3));
      v128.store(to + 2 * row, v128.shuffle<i64>(high01, high23, 0, 2));
      v128.store(to + 3 * row, v128.shuffle<i64>(high01, high23, 1, 3));
      to += 4 * row;
    }
    for (; d < size; d++) {
      f32.store(to, f32.load(at(r0, d)));
      f32.store(to, f32.load(at(r1, d)), 4);
      f32.store(to, f32.load(at(r2, d)), 8);
      f32.store(to, f32.load(at(r3, d)), 12);
      to += row;
    }
  }
  for (; i < count; i++) {
    const from = source + usize(i) * stride;
    for (let d = 0; d < size; d++) f32.store(at(target + usize(d) * row, i), f32.load(at(from, d)));
  }
}
