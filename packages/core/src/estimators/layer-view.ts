// What a probe sees of a layer, whether it is linear or a convolution.
import { once } from '../graph/trace.js';
import type { Value } from '../graph/value.js';
import { add } from '../ops/add.js';
import { concatenate, slice } from '../ops/concatenate.js';
import { convolutionWeightGradient } from '../ops/convolution-weight-gradient.js';
import { exampleGradientNorms } from '../ops/example-gradient-norms.js';
import { matmul } from '../ops/matmul.js';
import { reshape } from '../ops/reshape.js';
import { rowSquaredNorms } from '../ops/row-squared-norms.js';
import { squaredNorm } from '../ops/squared-norm.js';
import type { Key } from '../random/key.js';
import type { ConvolutionCotangent, GradientEstimator, Kept } from './estimator.js';
import { convolutionGradient, cotangentParts, imagesOf, pixelNorms, sideBySide } from './pixels.js';

type Terms = Readonly<Record<string, Value>>;

/** A layer's X and Y, of which Y may be too large to be there as a whole. */
export interface LayerView {
  /** Yᵀ X, in the shape of the layer's weights. */
  readonly gradient: Value;
  /** ‖y_i‖², f32 [rows]. */
  yNorms(): Value;
  /** Y as a whole, f32 [rows, outputs]. */
  y(): Value;
  /** ‖Y_eᵀ X_e‖² of each example, f32 [examples]. @param starts where their rows begin */
  exampleNorms(starts: Value): Value;
  /** What a variance needs of X and Y. */
  terms(build: (y: Value) => Terms): Terms;
  /** An estimate of the gradient. */
  estimate(estimator: GradientEstimator, kept: Kept, key: Key | undefined): Value;
}

/** @param x f32 [rows, inputs]; @param y f32 [rows, outputs] */
export const linearView = (x: Value, y: Value): LayerView => ({
  gradient: matmul(y, x, { transposeA: true }),
  yNorms: () => rowSquaredNorms(y),
  y: () => y,
  exampleNorms: (starts) => exampleGradientNorms(x, y, starts),
  terms: (build) => build(y),
  estimate: (estimator, kept, key) => estimator.weightGradient(kept, y, key, x.shape[1]!),
});

/** @param x pixels, f32 [batch · rows · columns, channels] */
export function convolutionView(x: Value, of: ConvolutionCotangent): LayerView {
  const { dy, windows } = of;
  const images = imagesOf(x, dy.shape[0]!, windows);
  const parts = cotangentParts(of);
  return {
    gradient: convolutionWeightGradient(images, dy, windows),
    yNorms: () => pixelNorms(dy, windows),
    y: () => sideBySide(parts.map((part) => part())),
    // As many gradients, one after the other: pairs of an image's pixels are too many.
    exampleNorms: () =>
      concatenate(
        Array.from({ length: dy.shape[0]! }, (_, begin) => {
          const [own, theirs] = [images, dy].map((all) => slice(all, { axis: 0, begin, size: 1 }));
          return reshape(squaredNorm(convolutionWeightGradient(own!, theirs!, windows)), [1]);
        }),
        { axis: 0 },
      ),
    terms: (build) =>
      once(() => parts.reduce((sums, part) => added(sums, part(), build), {} as Terms)),
    estimate: (estimator, kept, key) => convolutionGradient(estimator, kept, of, key),
  };
}

/** Adds up the terms of Y's parts; those in which Y has no part are the same for all. */
const added = (sums: Terms, y: Value, build: (y: Value) => Terms): Terms =>
  Object.fromEntries(
    Object.entries(build(y)).map(([name, value]) => {
      const before = sums[name];
      return [name, before && reads(value, y) ? add(before, value) : value];
    }),
  );

/** Whether a value is made from another one. */
function reads(value: Value, other: Value, seen = new Set<Value>()): boolean {
  if (value === other) return true;
  // What was traced before it cannot be.
  if (seen.has(value) || value.node.id <= other.node.id) return false;
  seen.add(value);
  return value.node.inputs.some((each) => reads(each, other, seen));
}
