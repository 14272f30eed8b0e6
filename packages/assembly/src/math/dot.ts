import { load4, load4OrZero, sumLanes } from '../memory/lanes';

/** Σ x · y over n numbers each. */
@inline
export function dot(x: usize, y: usize, n: i32): f32 {
  let sum = f32x4.splat(0);
  let c = 0;
  for (; c + 4 <= n; c += 4) sum = f32x4.add(sum, f32x4.mul(load4(x, c), load4(y, c)));
  if (c < n) sum = f32x4.add(sum, f32x4.mul(load4OrZero(x, c, n), load4OrZero(y, c, n)));
  return sumLanes(sum);
}
