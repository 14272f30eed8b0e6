/**
 * c = a · b for matrices that fit the cache: c [m, n], a [m, k], b [k, n]; m a multiple of 4, n of 4.
 * a's element (i, l) lies at a + i · aRow + l · aColumn, so that either order works; rows of b and c
 * lie together, bRow and cRow bytes apart. Four rows by eight columns are added up in registers.
 */
export function smallMatmul(
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize,
  c: usize, cRow: usize,
  m: i32, n: i32, k: i32,
): void {
  for (let i = 0; i < m; i += 4) {
    const a0 = a + <usize>i * aRow;
    const c0 = c + <usize>i * cRow;
    let j = 0;
    for (; j + 8 <= n; j += 8) {
      block8(a0, aRow, aColumn, b + (<usize>j << 2), bRow, c0 + (<usize>j << 2), cRow, k);
    }
    if (j < n) block4(a0, aRow, aColumn, b + (<usize>j << 2), bRow, c0 + (<usize>j << 2), cRow, k);
  }
}

// @ts-ignore: decorator
@inline
function block8(
  a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, c: usize, cRow: usize, k: i32,
): void {
  let s00 = f32x4.splat(0), s01 = f32x4.splat(0);
  let s10 = f32x4.splat(0), s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0), s21 = f32x4.splat(0);
  let s30 = f32x4.splat(0), s31 = f32x4.splat(0);
  const aRow2 = aRow << 1;
  const aRow3 = aRow2 + aRow;
  for (let l = 0; l < k; l++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load32_splat(a + aRow);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load32_splat(a + aRow2);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load32_splat(a + aRow3);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    a += aColumn;
    b += bRow;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c + cRow, s10);
  v128.store(c + cRow, s11, 16);
  v128.store(c + 2 * cRow, s20);
  v128.store(c + 2 * cRow, s21, 16);
  v128.store(c + 3 * cRow, s30);
  v128.store(c + 3 * cRow, s31, 16);
}

// @ts-ignore: decorator
@inline
function block4(
  a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, c: usize, cRow: usize, k: i32,
): void {
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
  for (let l = 0; l < k; l++) {
    const b0 = v128.load(b);
    s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(a), b0));
    s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(a + aRow), b0));
    s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(a + 2 * aRow), b0));
    s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(a + 3 * aRow), b0));
    a += aColumn;
    b += bRow;
  }
  v128.store(c, s0);
  v128.store(c + cRow, s1);
  v128.store(c + 2 * cRow, s2);
  v128.store(c + 3 * cRow, s3);
}
