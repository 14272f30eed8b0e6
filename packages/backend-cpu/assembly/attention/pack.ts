/**
 * Copies a head's rows [count, size], `stride` bytes apart, to rows of `width` ≥ size floats that lie
 * together, times `factor`; what is past size, and rows past count up to `padded`, is zero.
 */
export function packRows(
  source: usize, stride: usize, count: i32, size: i32,
  target: usize, padded: i32, width: i32, factor: f32,
): void {
  const factors = f32x4.splat(factor);
  for (let i = 0; i < padded; i++) {
    const to = target + ((<usize>i * <usize>width) << 2);
    let d = 0;
    if (i < count) {
      const from = source + <usize>i * stride;
      for (; d + 4 <= size; d += 4) {
        v128.store(to + (<usize>d << 2), f32x4.mul(v128.load(from + (<usize>d << 2)), factors));
      }
      for (; d < size; d++) {
        store<f32>(to + (<usize>d << 2), load<f32>(from + (<usize>d << 2)) * factor);
      }
    }
    for (; d < width; d++) store<f32>(to + (<usize>d << 2), 0);
  }
}

/** The same, transposed: [width, padded] from rows [count, size]. padded is a multiple of 4. */
export function packColumns(
  source: usize, stride: usize, count: i32, size: i32,
  target: usize, padded: i32, width: i32,
): void {
  const row = <usize>padded << 2;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const r0 = source + <usize>i * stride;
    const r1 = r0 + stride;
    const r2 = r1 + stride;
    const r3 = r2 + stride;
    let d = 0;
    for (; d + 4 <= size; d += 4) {
      const o = <usize>d << 2;
      const x0 = v128.load(r0 + o);
      const x1 = v128.load(r1 + o);
      const x2 = v128.load(r2 + o);
      const x3 = v128.load(r3 + o);
      const l01 = i32x4.shuffle(x0, x1, 0, 4, 1, 5);
      const l23 = i32x4.shuffle(x2, x3, 0, 4, 1, 5);
      const h01 = i32x4.shuffle(x0, x1, 2, 6, 3, 7);
      const h23 = i32x4.shuffle(x2, x3, 2, 6, 3, 7);
      const to = target + <usize>d * row + (<usize>i << 2);
      v128.store(to, i64x2.shuffle(l01, l23, 0, 2));
      v128.store(to + row, i64x2.shuffle(l01, l23, 1, 3));
      v128.store(to + 2 * row, i64x2.shuffle(h01, h23, 0, 2));
      v128.store(to + 3 * row, i64x2.shuffle(h01, h23, 1, 3));
    }
    for (; d < size; d++) {
      const o = <usize>d << 2;
      const to = target + <usize>d * row + (<usize>i << 2);
      store<f32>(to, load<f32>(r0 + o));
      store<f32>(to, load<f32>(r1 + o), 4);
      store<f32>(to, load<f32>(r2 + o), 8);
      store<f32>(to, load<f32>(r3 + o), 12);
    }
  }
  for (; i < padded; i++) {
    for (let d = 0; d < size; d++) {
      const value = i < count ? load<f32>(source + <usize>i * stride + (<usize>d << 2)) : <f32>0;
      store<f32>(target + <usize>d * row + (<usize>i << 2), value);
    }
  }
  for (let d = size; d < width; d++) memory.fill(target + <usize>d * row, 0, row);
}

/** Writes rows [count, size] back to where a head's rows lie, `stride` bytes apart, times `factor`. */
export function unpackRows(
  source: usize, width: i32, target: usize, stride: usize, count: i32, size: i32, factor: f32,
): void {
  const factors = f32x4.splat(factor);
  for (let i = 0; i < count; i++) {
    const from = source + ((<usize>i * <usize>width) << 2);
    const to = target + <usize>i * stride;
    let d = 0;
    for (; d + 4 <= size; d += 4) {
      v128.store(to + (<usize>d << 2), f32x4.mul(v128.load(from + (<usize>d << 2)), factors));
    }
    for (; d < size; d++) {
      store<f32>(to + (<usize>d << 2), load<f32>(from + (<usize>d << 2)) * factor);
    }
  }
}

/**
 * What is added to a row of scores: 0 for a key that may be attended to, −∞ for one that may not and
 * for padding. Returns how many keys matter, rounded up to 8: those up to the last that may be
 * attended to.
 */
export function packMask(mask: usize, sequence: i32, target: usize, padded: i32): i32 {
  let used = 0;
  for (let j = 0; j < padded; j++) {
    const open = j < sequence && load<i32>(mask + (<usize>j << 2)) != 0;
    store<f32>(target + (<usize>j << 2), open ? <f32>0 : -Infinity);
    if (open) used = j + 1;
  }
  return (used + 7) & ~7;
}
