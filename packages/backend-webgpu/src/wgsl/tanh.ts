/** `hyperbolicTangent(x)`, to about 2 ulp. NaN stays. To be had beside EXPONENTIAL. */
export const TANH = `
fn hyperbolicTangent(x: f32) -> f32 {
  let size = abs(x);
  // From there on: 1 − 2/(e^2|x| + 1), with the sign of x; beyond 20 that is 1.
  if (size >= 0.625) {
    let far = 1.0 - 2.0 / (exponential(2.0 * min(size, 20.0)) + 1.0);
    return select(far, -far, x < 0.0);
  }
  // x + x³ p(x²); minimax: relative error 5e-9 before rounding.
  let square = x * x;
  var p = -0.005648316622 * square + 0.02058982669;
  p = p * square - 0.05372512671;
  p = p * square + 0.1333127443;
  p = p * square - 0.3333327606;
  return square * p * x + x;
}
`;
