// Random signs and an orthonormal Walsh–Hadamard transform of each group of a row, as core's
// rotateRow defines them: the same sums and differences in the same order, so the same bits.
import { at, load4, store4 } from '../memory/lanes';
import { high0, low0, threefry16 } from '../random/threefry';

const SIGN_STREAM: i32 = -1;

/** Writes the sign bit of each feature: −0 where it is turned, else 0. f32 [features]. */
export function rotationSigns(to: usize, features: u32): void {
  for (let f: u32 = 0; f < features; f += 64) {
    const block = f >> 6;
    threefry16(0, 0, SIGN_STREAM, block, block, block, block);
    const low = i32x4.extract_lane(low0, 0);
    const high = i32x4.extract_lane(high0, 0);
    const end = min(f + 64, features);
    for (let i = f; i < end; i++) {
      const word = i - f < 32 ? low : high;
      i32.store(at(to, i), ((word >> (i & 31)) & 1) << 31);
    }
  }
}

/** y = x with the signs turned; y may be x. */
export function turnSigns(x: usize, signs: usize, y: usize, n: u32): void {
  let i: u32 = 0;
  for (; i + 16 <= n; i += 16) {
    const from = at(x, i);
    const sign = at(signs, i);
    const to = at(y, i);
    v128.store(to, v128.xor(v128.load(from), v128.load(sign)));
    v128.store(to, v128.xor(v128.load(from, 16), v128.load(sign, 16)), 16);
    v128.store(to, v128.xor(v128.load(from, 32), v128.load(sign, 32)), 32);
    v128.store(to, v128.xor(v128.load(from, 48), v128.load(sign, 48)), 48);
  }
  for (; i < n; i += 4) store4(y, i, n, v128.xor(load4(x, i), load4(signs, i)));
}

/** Transforms each group of a row in place, cut into falling powers of two. */
export function transformGroups(row: usize, features: u32, group: u32): void {
  let begin: u32 = 0;
  while (begin < features) {
    let left = min(group, features - begin);
    while (left > 0) {
      const size: u32 = 1 << (31 - clz(left));
      transform(at(row, begin), size);
      begin += size;
      left -= size;
    }
  }
}

/** The orthonormal transform of n = 2^k elements in place. */
function transform(x: usize, n: u32): void {
  const scale: f32 = f32(1 / sqrt<f64>(f64(n)));
  if (n >= 16) {
    let stride = n >> 1;
    for (; stride >= 64; stride >>= 3) pass8(x, n, stride >> 2);
    if (stride == 32) pass4(x, n);
    else if (stride == 16) pass2(x, n);
    last16(x, n, f32x4.splat(scale));
  } else if (n == 8) {
    const by = f32x4.splat(scale);
    const a = v128.load(x);
    const b = v128.load(x, 16);
    v128.store(x, f32x4.mul(within(f32x4.add(a, b)), by));
    v128.store(x, f32x4.mul(within(f32x4.sub(a, b)), by), 16);
  } else if (n == 4) {
    v128.store(x, f32x4.mul(within(v128.load(x)), f32x4.splat(scale)));
  } else if (n == 2) {
    const a = f32.load(x);
    const b = f32.load(x, 4);
    f32.store(x, (a + b) * scale);
    f32.store(x, (a - b) * scale, 4);
  }
}

/** Strides 4q, 2q and q, where q is a multiple of 4. */
function pass8(x: usize, n: u32, q: u32): void {
  const step = usize(q) << 2;
  for (let block: u32 = 0; block < n; block += q << 3) {
    for (let i: u32 = 0; i < q; i += 4) {
      const p0 = at(x, block + i);
      const p1 = p0 + step;
      const p2 = p1 + step;
      const p3 = p2 + step;
      const p4 = p3 + step;
      const p5 = p4 + step;
      const p6 = p5 + step;
      const p7 = p6 + step;
      const x0 = v128.load(p0);
      const x1 = v128.load(p1);
      const x2 = v128.load(p2);
      const x3 = v128.load(p3);
      const x4 = v128.load(p4);
      const x5 = v128.load(p5);
      const x6 = v128.load(p6);
      const x7 = v128.load(p7);
      const a0 = f32x4.add(x0, x4);
      const a1 = f32x4.add(x1, x5);
      const a2 = f32x4.add(x2, x6);
      const a3 = f32x4.add(x3, x7);
      const a4 = f32x4.sub(x0, x4);
      const a5 = f32x4.sub(x1, x5);
      const a6 = f32x4.sub(x2, x6);
      const a7 = f32x4.sub(x3, x7);
      const b0 = f32x4.add(a0, a2);
      const b1 = f32x4.add(a1, a3);
      const b2 = f32x4.sub(a0, a2);
      const b3 = f32x4.sub(a1, a3);
      const b4 = f32x4.add(a4, a6);
      const b5 = f32x4.add(a5, a7);
      const b6 = f32x4.sub(a4, a6);
      const b7 = f32x4.sub(a5, a7);
      v128.store(p0, f32x4.add(b0, b1));
      v128.store(p1, f32x4.sub(b0, b1));
      v128.store(p2, f32x4.add(b2, b3));
      v128.store(p3, f32x4.sub(b2, b3));
      v128.store(p4, f32x4.add(b4, b5));
      v128.store(p5, f32x4.sub(b4, b5));
      v128.store(p6, f32x4.add(b6, b7));
      v128.store(p7, f32x4.sub(b6, b7));
    }
  }
}

/** Strides 32 and 16. */
function pass4(x: usize, n: u32): void {
  for (let block: u32 = 0; block < n; block += 64) {
    for (let i: u32 = 0; i < 16; i += 4) {
      const p = at(x, block + i);
      const x0 = v128.load(p);
      const x1 = v128.load(p, 64);
      const x2 = v128.load(p, 128);
      const x3 = v128.load(p, 192);
      const a0 = f32x4.add(x0, x2);
      const a1 = f32x4.add(x1, x3);
      const a2 = f32x4.sub(x0, x2);
      const a3 = f32x4.sub(x1, x3);
      v128.store(p, f32x4.add(a0, a1));
      v128.store(p, f32x4.sub(a0, a1), 64);
      v128.store(p, f32x4.add(a2, a3), 128);
      v128.store(p, f32x4.sub(a2, a3), 192);
    }
  }
}

/** Stride 16. */
function pass2(x: usize, n: u32): void {
  for (let block: u32 = 0; block < n; block += 32) {
    for (let i: u32 = 0; i < 16; i += 4) {
      const p = at(x, block + i);
      const a = v128.load(p);
      const b = v128.load(p, 64);
      v128.store(p, f32x4.add(a, b));
      v128.store(p, f32x4.sub(a, b), 64);
    }
  }
}

/** Strides 8, 4, 2 and 1, and the scale. */
function last16(x: usize, n: u32, by: v128): void {
  for (let i: u32 = 0; i < n; i += 16) {
    const p = at(x, i);
    const x0 = v128.load(p);
    const x1 = v128.load(p, 16);
    const x2 = v128.load(p, 32);
    const x3 = v128.load(p, 48);
    const a0 = f32x4.add(x0, x2);
    const a1 = f32x4.add(x1, x3);
    const a2 = f32x4.sub(x0, x2);
    const a3 = f32x4.sub(x1, x3);
    v128.store(p, f32x4.mul(within(f32x4.add(a0, a1)), by));
    v128.store(p, f32x4.mul(within(f32x4.sub(a0, a1)), by), 16);
    v128.store(p, f32x4.mul(within(f32x4.add(a2, a3)), by), 32);
    v128.store(p, f32x4.mul(within(f32x4.sub(a2, a3)), by), 48);
  }
}

/** Strides 2 and 1 within a vector: the other element of each pair, plus itself or less itself. */
@inline
function within(x: v128): v128 {
  const a = f32x4.add(
    v128.shuffle<f32>(x, x, 2, 3, 0, 1),
    v128.xor(x, i32x4(0, 0, 0x80000000, 0x80000000)),
  );
  return f32x4.add(
    v128.shuffle<f32>(a, a, 1, 0, 3, 2),
    v128.xor(a, i32x4(0, 0x80000000, 0, 0x80000000)),
  );
}
