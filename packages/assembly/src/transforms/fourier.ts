// In place on z, f32 [2 · length, width], along its rows, of which 2m is the real and 2m + 1 the
// imaginary part of number m; width is a multiple of 4.
import { cosineAt, sineAt } from './quarter-wave';

/**
 * Fourier transform by decimation in frequency: number k of the result stands at k with its bits
 * reversed. Two stages in a pass, so that z is read half as often.
 *
 * @param table the quarter wave of 2 · length
 */
export function fourier(z: usize, length: u32, width: u32, table: usize): void {
  const row = usize(width) << 2;
  let h = length >> 1;
  for (; h >= 2; h >>= 2) {
    const quarter = h >> 1;
    const step = row * 2 * quarter;
    // Angles are in units of π / (4 · length).
    const unit = (length * 4) / h;
    for (let j: u32 = 0; j < quarter; j++) {
      const angle = j * unit;
      const c1 = f32x4.splat(cosineAt(table, length * 2, angle));
      const s1 = f32x4.splat(sineAt(table, length * 2, angle));
      const c2 = f32x4.splat(cosineAt(table, length * 2, angle * 2));
      const s2 = f32x4.splat(sineAt(table, length * 2, angle * 2));
      const c3 = f32x4.splat(cosineAt(table, length * 2, angle * 3));
      const s3 = f32x4.splat(sineAt(table, length * 2, angle * 3));
      for (let group = j; group < length; group += h * 2) {
        const first = z + row * 2 * group;
        for (let p = first; p < first + row; p += 16) butterfly4(p, row, step, c1, s1, c2, s2, c3, s3);
      }
    }
  }
  if (h == 1) {
    for (let m: u32 = 0; m < length; m += 2) {
      const first = z + row * 2 * m;
      for (let p = first; p < first + row * 2; p += 16) {
        const q = p + row * 2;
        const a = v128.load(p);
        const b = v128.load(q);
        v128.store(p, f32x4.add(a, b));
        v128.store(q, f32x4.sub(a, b));
      }
    }
  }
}

/** (re + i im) · (c − i s), stored at p and p + row. */
@inline
function storeTurned(p: usize, row: usize, re: v128, im: v128, c: v128, s: v128): void {
  v128.store(p, f32x4.add(f32x4.mul(re, c), f32x4.mul(im, s)));
  v128.store(p + row, f32x4.sub(f32x4.mul(im, c), f32x4.mul(re, s)));
}

/** Two stages on four numbers, `step` bytes apart, turned by one, two and three times an angle. */
@inline
function butterfly4(
  p0: usize,
  row: usize,
  step: usize,
  c1: v128,
  s1: v128,
  c2: v128,
  s2: v128,
  c3: v128,
  s3: v128,
): void {
  const p1 = p0 + step;
  const p2 = p1 + step;
  const p3 = p2 + step;
  const a0 = v128.load(p0);
  const a1 = v128.load(p1);
  const a2 = v128.load(p2);
  const a3 = v128.load(p3);
  const b0 = v128.load(p0 + row);
  const b1 = v128.load(p1 + row);
  const b2 = v128.load(p2 + row);
  const b3 = v128.load(p3 + row);
  const sumA = f32x4.add(a0, a2);
  const sumB = f32x4.add(b0, b2);
  const difA = f32x4.sub(a0, a2);
  const difB = f32x4.sub(b0, b2);
  const oddA = f32x4.add(a1, a3);
  const oddB = f32x4.add(b1, b3);
  const oddDifA = f32x4.sub(a1, a3);
  const oddDifB = f32x4.sub(b1, b3);
  v128.store(p0, f32x4.add(sumA, oddA));
  v128.store(p0 + row, f32x4.add(sumB, oddB));
  storeTurned(p1, row, f32x4.sub(sumA, oddA), f32x4.sub(sumB, oddB), c2, s2);
  storeTurned(p2, row, f32x4.add(difA, oddDifB), f32x4.sub(difB, oddDifA), c1, s1);
  storeTurned(p3, row, f32x4.sub(difA, oddDifB), f32x4.add(difB, oddDifA), c3, s3);
}

/** k with its `bits` bits in the other order. */
export function reversed(k: u32, bits: u32): u32 {
  let result: u32 = 0;
  for (let bit: u32 = 0; bit < bits; bit++) result |= ((k >> bit) & 1) << (bits - 1 - bit);
  return result;
}
