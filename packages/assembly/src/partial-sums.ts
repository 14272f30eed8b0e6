/**
 * Adds `count` partial sums of n floats, `stride` bytes apart, to `total`, one after another; each
 * thread takes a range of elements.
 */
export function addPartialSums(
  thread: i32, threads: i32, total: usize, parts: usize, stride: usize, count: i32, n: i32,
): void {
  const vectors = (n + 3) >> 2;
  const begin = <i32>((<i64>vectors * thread) / threads) << 2;
  let end = <i32>((<i64>vectors * (thread + 1)) / threads) << 2;
  if (end > n) end = n;
  for (let p = 0; p < count; p++) {
    const source = parts + <usize>p * stride;
    let i = begin;
    for (; i + 16 <= end; i += 16) {
      const at = <usize>i << 2;
      const t = total + at;
      const s = source + at;
      v128.store(t, f32x4.add(v128.load(t), v128.load(s)));
      v128.store(t, f32x4.add(v128.load(t, 16), v128.load(s, 16)), 16);
      v128.store(t, f32x4.add(v128.load(t, 32), v128.load(s, 32)), 32);
      v128.store(t, f32x4.add(v128.load(t, 48), v128.load(s, 48)), 48);
    }
    for (; i < end; i++) {
      const at = <usize>i << 2;
      store<f32>(total + at, load<f32>(total + at) + load<f32>(source + at));
    }
  }
}
