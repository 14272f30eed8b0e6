/** What WGSL has no words for. */
export const NUMBERS = `
fn isNan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }

fn infinity() -> f32 {
  // Not a constant, which WGSL lets be no infinity.
  var bits = 0x7f800000u;
  return bitcast<f32>(bits);
}

fn notANumber() -> f32 {
  var bits = 0x7fc00000u;
  return bitcast<f32>(bits);
}
`;
