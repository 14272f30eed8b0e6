/** Whether x is neither NaN nor infinite. */
@inline
export function isFinite32(x: f32): bool {
  return x - x == 0;
}
