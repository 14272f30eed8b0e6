import { ShapeError } from '../errors.js';
import { checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { convolutionInputGradient } from './convolution-input-gradient.js';
import { convolutionWeightGradient } from './convolution-weight-gradient.js';
import { expectShape, expectType } from './rules.js';
import { sum } from './sum.js';
import {
  imageSizes,
  placesShape,
  type WindowOptions,
  type Windows,
  windowElements,
  windowsOver,
} from './windows.js';

const build = defineOp<{ readonly windows: Windows }>({
  name: 'convolution',
  infer: ([x, w, b], { windows }) => {
    const [batch, , , channels] = imageSizes('x', x!);
    expectType('w', w!, 'f32', 2);
    const outputs = w!.shape[0]!;
    const taken = windowElements(windows) * channels;
    if (w!.shape[1] !== taken)
      throw new ShapeError(`w takes ${w!.shape[1]} numbers of a window, which has ${taken}`);
    if (b) {
      expectType('b', b, 'f32', 1);
      expectShape('b', b, [outputs]);
    }
    return [{ shape: placesShape(batch, windows, outputs), dtype: 'f32' }];
  },
  vjp: ([x, w, b], _, [dy], { windows }) => [
    convolutionInputGradient(dy!, w!, windows),
    convolutionWeightGradient(x!, dy!, windows),
    b && placeSums(dy!),
  ],
  flops: ([, w, b], [y]) => 2 * elements(y!) * w!.shape[1]! + (b ? elements(y!) : 0),
});

/** Sums over all places: f32 [batch, rows, columns, outputs] → [outputs]. */
const placeSums = (dy: Value): Value => [0, 0, 0].reduce((value) => sum(value, { axis: 0 }), dy);

/**
 * Z = patches(x) Wᵀ + b: what a window has of an image at each of its places, times weights; zeros
 * beyond the image. Patches are made a few at a time and never lie there as a whole.
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
  options: WindowOptions,
): Value {
  checkValue('convolution: x', x);
  const windows = windowsOver(x, options);
  return build(b === undefined ? [x, w] : [x, w, b], { windows })[0]!;
}
