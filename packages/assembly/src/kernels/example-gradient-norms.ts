import { dot } from '../math/dot';
import { at } from '../memory/lanes';
import { badStart, lengthOf, ownerOf, startOf } from '../memory/sequences';

/**
 * ‖Yᵀ X‖² of each example's rows, Σ_ij (x_i · x_j)(y_i · y_j), added up in f64; the pairs of which i ≠ j
 * count twice. A thread has some of the examples, whose costs are as their rows' pairs.
 * Gives 1 + the position of a start that is wrong, or 0.
 */
export function exampleGradientNorms(
  thread: i32, threads: i32, x: usize, y: usize, starts: usize, norms: usize,
  rows: i32, examples: i32, inputs: i32, outputs: i32,
): i32 {
  const bad = badStart(starts, examples, rows, rows);
  if (bad != 0) return bad;
  let total: u64 = 0;
  for (let e = 0; e < examples; e++) total += costOf(starts, e);
  let before: u64 = 0;
  for (let e = 0; e < examples; e++) {
    const cost = costOf(starts, e);
    if (ownerOf(before, cost, total, threads) == thread) {
      const first = startOf(starts, e);
      const norm = gradientNorm(
        at(x, first * inputs), at(y, first * outputs), lengthOf(starts, e), inputs, outputs,
      );
      f32.store(at(norms, e), norm);
    }
    before += cost;
  }
  return 0;
}

/** One at least, so that an example without rows is somebody's too. */
@inline
function costOf(starts: usize, example: i32): u64 {
  const length = u64(lengthOf(starts, example));
  return length * length + 1;
}

function gradientNorm(x: usize, y: usize, rows: i32, inputs: i32, outputs: i32): f32 {
  let total: f64 = 0;
  for (let i = 0; i < rows; i++) {
    const xi = at(x, i * inputs);
    const yi = at(y, i * outputs);
    let ofRow: f64 = 0;
    for (let j = 0; j < i; j++) {
      ofRow += f64(dot(xi, at(x, j * inputs), inputs)) * f64(dot(yi, at(y, j * outputs), outputs));
    }
    total += 2 * ofRow + f64(dot(xi, xi, inputs)) * f64(dot(yi, yi, outputs));
  }
  return f32(total);
}
