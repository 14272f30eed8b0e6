// A convolution as a linear layer over the pixels of its images.
import { checkValue } from '../graph/arguments.js';
import { constant } from '../graph/leaves.js';
import { once } from '../graph/trace.js';
import type { Value } from '../graph/value.js';
import { broadcastTo } from '../ops/broadcast-to.js';
import { concatenate } from '../ops/concatenate.js';
import { convolutionInputGradient } from '../ops/convolution-input-gradient.js';
import { convolutionWeightGradient } from '../ops/convolution-weight-gradient.js';
import { placesAtPixels } from '../ops/places-at-pixels.js';
import { reshape } from '../ops/reshape.js';
import { rowSquaredNorms } from '../ops/row-squared-norms.js';
import { checkWindows, expectPlaces, type Windows, windowElements } from '../ops/windows.js';
import type { Key } from '../random/key.js';
import type { ConvolutionCotangent, GradientEstimator, Kept } from './estimator.js';

/** Images as rows of pixels: f32 [batch, rows, columns, channels] → [batch · rows · columns, channels]. */
export const pixelsOf = (x: Value): Value => {
  const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
  return reshape(x, [batch * rows * columns, channels]);
};

/** {@link pixelsOf} turned back. */
export const imagesOf = (pixels: Value, batch: number, { image }: Windows): Value =>
  reshape(pixels, [batch, ...image, pixels.shape[1]!]);

/** The cotangent Ỹ of pixels, part by part: one for each pixel of a window, f32 [pixels, outputs]. */
export const cotangentParts = ({ dy, windows }: ConvolutionCotangent): (() => Value)[] =>
  Array.from({ length: windowElements(windows) }, (_, at) => () => placesAtPixels(dy, windows, at));

/**
 * ‖ỹ_q‖² of each pixel, the sum of ‖y_p‖² over the places whose windows have it.
 *
 * @param dy f32 [batch, places down, places across, outputs]
 * @returns f32 [batch · rows · columns]
 * @throws ShapeError for cotangents of other places
 */
export function pixelNorms(dy: Value, windows: Windows): Value {
  checkValue('pixelNorms: dy', dy);
  checkWindows('pixelNorms', windows);
  expectPlaces('dy', dy, windows);
  const [batch, down, across, outputs] = dy.shape as [number, number, number, number];
  const places = batch * down * across;
  const norms = rowSquaredNorms(reshape(dy, [places, outputs]));
  const ones = broadcastTo(constant(Float32Array.of(1)), [1, windowElements(windows)]);
  const added = convolutionInputGradient(reshape(norms, [batch, down, across, 1]), ones, windows);
  return reshape(added, [batch * windows.image[0] * windows.image[1]]);
}

/** What is made of Ỹ's parts, one behind the other along the columns: f32 [outputs, window pixels · columns]. */
export const sideBySide = (parts: readonly Value[]): Value =>
  parts.length === 1 ? parts[0]! : concatenate(parts, { axis: 1 });

/**
 * The gradient of a convolution's weights from what an estimator kept of its images' pixels: patches of x̂ where
 * there is such, else for each pixel of a window in its turn the estimate of Ỹᵀ X for its part of Ỹ, the
 * places at whose windows it stands. Neither all patches nor Ỹ are ever there as a whole.
 *
 * @returns f32 [outputs, window rows · window columns · channels]
 */
export function convolutionGradient(
  estimator: GradientEstimator,
  kept: Kept,
  of: ConvolutionCotangent,
  key: Key | undefined,
): Value {
  if (estimator.convolutionGradient) return estimator.convolutionGradient(kept, of, key);
  const { dy, windows, channels } = of;
  if (estimator.restore) {
    const [batch, [rows, columns]] = [dy.shape[0]!, windows.image];
    const pixels = estimator.restore(kept, key, [batch * rows * columns, channels]);
    const images = imagesOf(pixels, batch, windows);
    return convolutionWeightGradient(images, dy, windows);
  }
  // What is drawn for one of them is drawn for all.
  return once(() =>
    sideBySide(
      cotangentParts(of).map((part) => estimator.weightGradient(kept, part(), key, channels)),
    ),
  );
}
