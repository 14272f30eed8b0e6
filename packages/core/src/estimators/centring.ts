// X without its mean: what a sketch has less variance of, the mean part of dW being exact.
import { constant } from '../graph/leaves.js';
import type { Value } from '../graph/value.js';
import { add } from '../ops/add.js';
import { broadcastTo } from '../ops/broadcast-to.js';
import { matmul } from '../ops/matmul.js';
import { multiply } from '../ops/multiply.js';
import { reshape } from '../ops/reshape.js';
import { rowSquaredNorms } from '../ops/row-squared-norms.js';
import { scale } from '../ops/scale.js';
import { squaredNorm } from '../ops/squared-norm.js';
import { subtract } from '../ops/subtract.js';
import { sum } from '../ops/sum.js';
import type { Key } from '../random/key.js';
import type { Sketch } from '../sketches/sketch.js';
import type { Moments, VarianceTerms } from '../variance/moments.js';

/** x̄, the mean of x's rows. f32 [rows, features] → f32 [1, features]. */
const meanRow = (x: Value): Value =>
  scale(sum(x, { axis: 0, keepDimensions: true }), 1 / x.shape[0]!);

/** (Yᵀ1) x̄, the part of dW that x's mean has: exact. f32 [outputs, features]. */
const meanPart = (y: Value, mean: Value): Value =>
  multiply(reshape(sum(y, { axis: 0 }), [y.shape[1]!, 1]), mean);

/** Sᵀ(X − 1 x̄) as Sᵀ X − (Sᵀ1) x̄, so that X without its mean is never there; and x̄. */
export function centredSketch(
  x: Value,
  { sketch, key, rows }: { readonly sketch: Sketch; readonly key: Key; readonly rows: number },
): { readonly projected: Value; readonly mean: Value } {
  const mean = meanRow(x);
  const ones = broadcastTo(constant(Float32Array.of(1)), [x.shape[0]!, 1]);
  const part = multiply(sketch.apply(ones, key, rows), mean);
  return { projected: subtract(sketch.apply(x, key, rows), part), mean };
}

/** (Sᵀ Y)ᵀ Sᵀ(X − 1 x̄) + (Yᵀ1) x̄ */
export const centredGradient = (
  { projected, mean }: { readonly projected: Value; readonly mean: Value },
  y: Value,
  sketched: Value,
): Value => add(matmul(sketched, projected, { transposeA: true }), meanPart(y, mean));

/** What moments of X without its mean need: ‖x_i − x̄‖², [rows], and ‖Yᵀ(X − 1 x̄)‖², []. */
export function centredTerms(x: Value, y: Value): Readonly<Record<string, Value>> {
  const mean = meanRow(x);
  const gradient = subtract(matmul(y, x, { transposeA: true }), meanPart(y, mean));
  return {
    norms: rowSquaredNorms(subtract(x, broadcastTo(mean, x.shape))),
    gradientNorm: squaredNorm(gradient),
  };
}

/** The moments of X without its mean. */
export function centredMoments(moments: Moments, { norms, gradientNorm }: VarianceTerms): Moments {
  const { yNorms } = moments;
  const xNorms = Float64Array.from(norms!);
  const total = (values: ArrayLike<number>) =>
    Array.from(values).reduce((all, value) => all + value, 0);
  return {
    ...moments,
    xNorms,
    normProduct: total(xNorms) * total(yNorms),
    gradientNorm: gradientNorm![0]!,
    rowProducts: xNorms.reduce((all, norm, row) => all + norm * yNorms[row]!, 0),
  };
}
