import { ShapeError } from '../errors.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import {
  checkWindows,
  expectImages,
  expectPlaces,
  type Windows,
  windowElements,
} from './windows.js';

const build = defineOp<{ readonly windows: Windows }>({
  name: 'convolutionWeightGradient',
  infer: ([x, dy], { windows }) => {
    expectImages('x', x!, windows);
    expectPlaces('dy', dy!, windows);
    if (x!.shape[0] !== dy!.shape[0])
      throw new ShapeError(`x has ${x!.shape[0]} images, dy ${dy!.shape[0]}`);
    const taken = windowElements(windows) * x!.shape[3]!;
    return [{ shape: [dy!.shape[3]!, taken], dtype: 'f32' }];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  flops: ([x, dy], _, { windows }) => 2 * elements(dy!) * windowElements(windows) * x!.shape[3]!,
});

/**
 * The gradient of a convolution's weights, Yᵀ patches(x).
 *
 * @param x f32 [batch, rows, columns, channels]
 * @param dy f32 [batch, places down, places across, outputs]
 * @returns f32 [outputs, window rows · window columns · channels]
 * @throws ShapeError when sizes do not fit
 */
export const convolutionWeightGradient = (x: Value, dy: Value, windows: Windows): Value => {
  checkWindows('convolutionWeightGradient', windows);
  return build([x, dy], { windows })[0]!;
};
