/**
 * `logarithm(x)`, ln x to about 1 ulp: −∞ for 0 and for what is below the normal numbers, NaN below 0. NaN
 * stays. x = 2^e (1 + f) with 1 + f in [√½, √2). To be had beside NUMBERS.
 */
export const LOGARITHM = `
fn logarithm(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  if (x < 0.0) { return notANumber(); }
  if (x < 1.17549435e-38) { return -infinity(); }
  if (bitcast<u32>(x) == 0x7f800000u) { return x; }
  let bits = bitcast<i32>(x);
  let exponent = (bits - bitcast<i32>(0.7071067811865476)) >> 23u;
  let f = bitcast<f32>(bits - (exponent << 23u)) - 1.0;
  let e = f32(exponent);
  // ln(1 + f) = f − f²/2 + f³ p(f); minimax: relative error 5.8e-9 before rounding.
  var p = -0.07634492796 * f + 0.1276157452;
  p = p * f - 0.1316018277;
  p = p * f + 0.1420175849;
  p = p * f - 0.1662335736;
  p = p * f + 0.2000122685;
  p = p * f - 0.2500082103;
  p = p * f + 0.3333333171;
  let square = f * f;
  // ln 2 in two parts, of which e times the first is exact.
  let tail = square * f * p - e * 2.12194440054690583e-4;
  return (f - (square * 0.5 - tail)) + e * 0.693359375;
}
`;
