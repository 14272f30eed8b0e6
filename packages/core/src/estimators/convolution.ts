import { checkOptions } from '../checks/check-options.js';
import { rowNormOutput } from '../contracts/step-inputs.js';
import { checkValue } from '../graph/arguments.js';
import type { VectorJacobianProduct } from '../graph/op.js';
import { observe } from '../graph/trace.js';
import type { Value } from '../graph/value.js';
import { convolutionOp } from '../ops/convolution.js';
import { convolutionInputGradient } from '../ops/convolution-input-gradient.js';
import { sum } from '../ops/sum.js';
import { WINDOW_OPTIONS, type WindowOptions, type Windows, windowsOver } from '../ops/windows.js';
import { dense } from './dense.js';
import { KEEP_OPTIONS, type KeepOptions, type KeptInput, keepInput } from './estimator.js';
import { convolutionGradient, pixelNorms, pixelsOf } from './pixels.js';

/** How a window moves over the images, and how a convolution keeps them. */
export interface ConvolutionOptions extends WindowOptions, Partial<KeepOptions> {}

/**
 * Z = patches(x) Wᵀ + b: what a window has of an image at each of its places, times weights; zeros
 * beyond the image. Patches are made a few at a time and never lie there as a whole.
 *
 * What stays for the weights' gradient is what `estimator` keeps (`dense` by default, x itself). To it the
 * layer is a linear one over pixels: X is x as f32 [batch · rows · columns, channels], a row for each pixel,
 * and a pixel's row of Y has, for each pixel of a window, the cotangent of the place whose window has
 * it there. Its estimate, Yᵀ X, is as unbiased and varies as it does in a linear layer, and as
 * many numbers are kept as of x, not of patches, which are as many times more as a window has pixels.
 * Gradients of x and b are exact. Where the estimator ranks rows, the graph takes `rowPriorities.NAME` and
 * returns `rowNorms.NAME`, f32 [batch · rows · columns].
 *
 * @param x f32 [batch, rows, columns, channels]
 * @param w f32 [outputs, window rows · window columns · channels]
 * @param b f32 [outputs], or undefined
 * @returns f32 [batch, places down, places across, outputs]
 * @throws UsageError for options that there are not; ShapeError when sizes do not fit
 */
export function convolution(
  x: Value,
  w: Value,
  b: Value | undefined,
  options: ConvolutionOptions,
): Value {
  checkValue('convolution: x', x);
  checkOptions('convolution', options, { ...WINDOW_OPTIONS, ...KEEP_OPTIONS });
  const { estimator = dense(), key, name, ...window } = options;
  const windows = windowsOver(x, window);
  const kept = keepInput(pixelsOf(x), {
    estimator,
    ...(key && { key }),
    ...(name !== undefined && { name }),
  });
  return convolutionOp(
    b === undefined ? [x, w] : [x, w, b],
    { windows, estimator: estimator.name },
    gradientsOf(kept, windows),
  )[0]!;
}

/** Sums over all places: f32 [batch, rows, columns, outputs] → [outputs]. */
const placeSums = (dy: Value): Value => [0, 0, 0].reduce((value) => sum(value, { axis: 0 }), dy);

/** Gradients of a convolution whose weights' is the estimator's. */
const gradientsOf =
  ({ estimator, kept, key, name, x }: KeptInput, windows: Windows): VectorJacobianProduct =>
  ([, w, b], _, [dy]) => {
    const of = { dy: dy!, windows, channels: x.shape[1]! };
    // dW first: what is kept in x's place is free before dX needs room.
    const dw = convolutionGradient(estimator, kept, of, key);
    const db = b && placeSums(dy!);
    if (estimator.ranksRows) observe(rowNormOutput(name!), pixelNorms(dy!, windows));
    return [convolutionInputGradient(dy!, w!, windows), dw, db];
  };
