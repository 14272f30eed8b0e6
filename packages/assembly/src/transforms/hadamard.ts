// In place on z, f32 [length, width], along its rows; width is a multiple of 4.

/** Sylvester's Hadamard transform, without scaling: two stages in a pass, so that z is read half as often. */
export function hadamard(z: usize, length: u32, width: u32): void {
  const row = usize(width) << 2;
  let h: u32 = 1;
  for (; h * 4 <= length; h *= 4) {
    const step = row * h;
    for (let group: u32 = 0; group < length; group += h * 4) {
      const first = z + row * group;
      for (let p = first; p < first + step; p += 16) {
        const p1 = p + step;
        const p2 = p1 + step;
        const p3 = p2 + step;
        const a = v128.load(p);
        const b = v128.load(p1);
        const c = v128.load(p2);
        const d = v128.load(p3);
        const ab = f32x4.add(a, b);
        const cd = f32x4.add(c, d);
        const a_b = f32x4.sub(a, b);
        const c_d = f32x4.sub(c, d);
        v128.store(p, f32x4.add(ab, cd));
        v128.store(p1, f32x4.add(a_b, c_d));
        v128.store(p2, f32x4.sub(ab, cd));
        v128.store(p3, f32x4.sub(a_b, c_d));
      }
    }
  }
  if (h == length) return;
  const half = row * h;
  for (let p = z; p < z + half; p += 16) {
    const a = v128.load(p);
    const b = v128.load(p + half);
    v128.store(p, f32x4.add(a, b));
    v128.store(p + half, f32x4.sub(a, b));
  }
}
