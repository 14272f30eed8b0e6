import { at, load4, store4 } from '../memory/lanes';
import { fourier, reversed } from '../transforms/fourier';
import { hadamard } from '../transforms/hadamard';
import { cosineAt, sineAt } from '../transforms/quarter-wave';

const HADAMARD = 0;
const DCT = 1;

/**
 * A block's columns `column` to `column` + `width` of core's transformSketch: signed rows of x into
 * their places of z, the transform of z, the chosen of its rows into y. On one thread. The lists' numbers
 * have been checked.
 *
 * @param kind 0 for Hadamard's basis, 1 for the DCT, 2 for the real Fourier basis; of length 1, 0
 * @param x f32 [n, features]
 * @param order i32: which rows, `begin` to `end` of the order; 0 for the rows' own
 * @param bits a sign for each place in the order, bit after bit
 * @param slots i32 [length]: the place in z of each row; 0 for one behind the other
 * @param z f32 [length, stride], stride a multiple of 4 and at least `width`
 * @param table the quarter wave of `length`
 * @param chosen i32 [rows]: which rows of the basis; a number's upper bits from `shift` on
 * @param y f32 [rows, features], the block's own
 * @param scale 1/√rows
 */
export function transformSketch(
  kind: i32,
  x: usize,
  features: u32,
  column: u32,
  width: u32,
  order: usize,
  bits: usize,
  begin: u32,
  end: u32,
  slots: usize,
  z: usize,
  stride: u32,
  length: u32,
  table: usize,
  chosen: usize,
  shift: u32,
  y: usize,
  rows: u32,
  scale: f32,
): void {
  memory.fill(z, 0, (usize(length) * stride) << 2);
  for (let t = begin; t < end; t++) {
    const row = order ? load<u32>(at(order, t)) : t;
    const slot = slots ? load<u32>(at(slots, t - begin)) : t - begin;
    const place = kind == DCT ? folded(slot, length) : slot;
    const sign = i32x4.splat(i32(((load<u32>(at(bits, t >> 5)) >> (t & 31)) & 1) << 31));
    const from = at(x, row * features + column);
    const to = at(z, place * stride);
    for (let i: u32 = 0; i < width; i += 4) {
      v128.store(at(to, i), v128.xor(load4(from, i), sign));
    }
  }
  if (kind == HADAMARD) hadamard(z, length, stride);
  else fourier(z, length >> 1, stride, table);
  for (let j: u32 = 0; j < rows; j++) {
    const r = u32(u64(load<u32>(at(chosen, j))) >> u64(shift));
    const to = at(y, j * features + column);
    if (kind == HADAMARD) {
      const from = at(z, r * stride);
      const by = f32x4.splat(scale);
      for (let i: u32 = 0; i < width; i += 4) {
        store4(to, i, width, f32x4.mul(load4(from, i), by));
      }
    } else {
      waveRow(kind, z, stride, length, table, r, to, width, scale);
    }
  }
}

/**
 * Where entry i goes for a DCT by a Fourier transform: even ones from the front, odd ones from the
 * back (Makhoul, "A fast cosine transform in one and two dimensions", 1980).
 */
@inline
function folded(i: u32, length: u32): u32 {
  return i & 1 ? length - 1 - (i >> 1) : i >> 1;
}

/**
 * Row r of the DCT or of the real Fourier basis, out of the transform Z of the L/2 complex numbers
 * that the real ones make two by two.
 *
 * With a + ib = Z_k and d + ie = Z_{L/2 − k}, k modulo L/2, the real numbers' transform is
 * V_k = (Z_k + Z̄_{L/2−k})/2 + e^{−iθ} (Z_k − Z̄_{L/2−k})/2i, θ = 2πk/L; every row wanted is
 * α Re V_k + β Im V_k, and so a sum of four rows of z.
 */
function waveRow(
  kind: i32,
  z: usize,
  stride: u32,
  length: u32,
  table: usize,
  r: u32,
  y: usize,
  width: u32,
  scale: f32,
): void {
  const flat = r == 0 || (kind != DCT && r == length - 1);
  const norm = flat ? scale : scale * f32(Math.SQRT2);
  let k = r;
  let alpha = norm;
  let beta: f32 = 0;
  if (kind == DCT) {
    alpha = norm * cosineAt(table, length, r);
    beta = norm * sineAt(table, length, r);
  } else {
    k = (r + 1) >> 1;
    if (r > 0 && (r & 1) == 0) {
      alpha = 0;
      beta = -norm;
    }
  }
  const half = length >> 1;
  const c = cosineAt(table, length, k * 4);
  const s = sineAt(table, length, k * 4);
  const first = k & (half - 1);
  const bits = 31 - clz(half);
  const p = at(z, reversed(first, bits) * 2 * stride);
  const q = at(z, reversed((half - first) & (half - 1), bits) * 2 * stride);
  const wa = f32x4.splat(0.5 * (alpha * (1 - s) - beta * c));
  const wb = f32x4.splat(0.5 * (alpha * c + beta * (1 - s)));
  const wd = f32x4.splat(0.5 * (alpha * (1 + s) + beta * c));
  const we = f32x4.splat(0.5 * (alpha * c - beta * (1 + s)));
  for (let i: u32 = 0; i < width; i += 4) {
    const front = f32x4.add(
      f32x4.mul(load4(p, i), wa),
      f32x4.mul(load4(p, i + stride), wb),
    );
    const back = f32x4.add(f32x4.mul(load4(q, i), wd), f32x4.mul(load4(q, i + stride), we));
    store4(y, i, width, f32x4.add(front, back));
  }
}
