/**
 * `gelu(x)`, x Φ(x), off by up to 1e-6, 2e-7 where |x| < 2; `geluDerivative(x)`, Φ(x) + x φ(x), by about
 * 3e-7. NaN stays. Minimax fits, as the CPU's kernels have them.
 */
export const GELU = `
fn line(x: f32, c0: f32, c1: f32) -> f32 { return c0 + c1 * x; }

fn gelu(x: f32) -> f32 {
  // Beyond 5.5 the tail, 1.9e-8, no longer shows.
  let a = min(abs(x), 5.5);
  let u = a * a;
  let v = u * u;
  // (½ − Φ(−a)) / a = n(a²) / d(a²), to within 2.5e-8 / (a² + 0.3).
  let n = line(u, 335025.879389, 29142.0379114) + v * (line(u, 3974.11418056, 149.354642276) + v * line(u, 5.41328502339, 0.0187106898529));
  let d = line(u, 839785.514588, 213011.293115) + v * (line(u, 24471.0327461, 1625.22764415) + v * (u + 64.4205596703));
  let tail = 0.5 - a * (n / d);
  return select(x, 0.0, x <= 0.0) - a * tail;
}

fn geluDerivative(x: f32) -> f32 {
  // Beyond 12.8 the tail, 8e-38, leaves the normal numbers.
  let a = min(abs(x), 12.8);
  let square = a * a;
  // e^(−a²/2) = 2^y = 2^n 2^f with n whole and |f| ≤ ½; 2^f to a relative error of 7.6e-8.
  let y = square * -0.7213475204444817;
  let n = round(y);
  let f = y - n;
  let g = f * f;
  let p = line(f, 1.0000000725, 0.693146964502) + g * (line(f, 0.240221155057, 0.0555071569152) + g * line(f, 0.00967576980806, 0.00132762446272));
  let bell = bitcast<f32>(bitcast<i32>(p) + (i32(n) << 23u));
  // Φ(−a) / e^(−a²/2), to a relative error of 5.4e-8 · (1 + a²/2).
  let upper = line(a, 13.9556494651, 9.52025597365) + square * line(a, 3.00597540686, 0.398802638396);
  let lower = line(a, 27.9113004347, 41.310411575) + square * (square + line(a, 25.0182209805, 7.52350104888));
  let s = bell * (a * 0.3989422804014327 - upper / lower);
  return select(1.0 + s, -s, x < 0.0) + (x - x);
}
`;
