/** `inverseRoot(size)`: 1/√size of a power of two, as f32 rounds it. */
export const INVERSE_ROOT = `
fn inverseRoot(size: u32) -> f32 {
  let bits = 31u - countLeadingZeros(size);
  let power = bitcast<f32>((127u - bits / 2u) << 23u);
  return select(power, power * 0.70710677, (bits & 1u) == 1u);
}
`;
