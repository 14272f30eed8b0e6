import { checkSize } from '../checks/check-members.js';
import { UsageError } from '../errors.js';
import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import { checkWindows, expectPlaces, type Windows, windowElements } from './windows.js';

const build = defineOp<{ readonly windows: Windows; readonly at: number }>({
  name: 'placesAtPixels',
  infer: ([dy], { windows }) => {
    expectPlaces('dy', dy!, windows);
    const [rows, columns] = windows.image;
    return [{ shape: [dy!.shape[0]! * rows * columns, dy!.shape[3]!], dtype: 'f32' }];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  flops: () => 0,
});

/**
 * Of each pixel, what is at the place whose window has that pixel as its `at`-th; zeros where there is
 * none. A place's windows' pixels are counted row by row. What it makes for all of them, side by side, is
 * the cotangent Ỹ that belongs to pixels where a convolution is a linear layer over them: its weights'
 * gradient is Ỹᵀ X for X f32 [batch · rows · columns, channels].
 *
 * @param dy f32 [batch, places down, places across, outputs]
 * @param at from 0, below window rows · window columns
 * @returns f32 [batch · rows · columns, outputs]
 * @throws UsageError for a pixel that a window has not; ShapeError when sizes do not fit
 */
export const placesAtPixels = (dy: Value, windows: Windows, at: number): Value => {
  checkWindows('placesAtPixels', windows);
  checkSize('placesAtPixels: at', at);
  if (at >= windowElements(windows))
    throw new UsageError(
      `placesAtPixels: at must be below ${windowElements(windows)}, the pixels of a window, but it is ${at}`,
    );
  return build([dy], { windows, at })[0]!;
};
