import { ShapeError } from '../errors.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectType } from './rules.js';
import { checkWindows, expectPlaces, type Windows, windowElements } from './windows.js';

const build = defineOp<{ readonly windows: Windows }>({
  name: 'convolutionInputGradient',
  infer: ([dy, w], { windows }) => {
    expectPlaces('dy', dy!, windows);
    expectType('w', w!, 'f32', 2);
    const [outputs, taken] = w!.shape as [number, number];
    if (outputs !== dy!.shape[3])
      throw new ShapeError(`dy has ${dy!.shape[3]} outputs, w makes ${outputs}`);
    const channels = taken / windowElements(windows);
    if (!Number.isInteger(channels))
      throw new ShapeError(
        `w takes ${taken} numbers of a window of ${windowElements(windows)} places`,
      );
    return [{ shape: [dy!.shape[0]!, ...windows.image, channels], dtype: 'f32' }];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  flops: ([dy, w]) => 2 * elements(dy!) * w!.shape[1]!,
});

/**
 * The cotangent of a convolution's images: Y W, each patch of it added to where it was taken.
 *
 * @param dy f32 [batch, places down, places across, outputs]
 * @param w f32 [outputs, window rows · window columns · channels]
 * @returns f32 [batch, rows, columns, channels]
 * @throws ShapeError when sizes do not fit
 */
export const convolutionInputGradient = (dy: Value, w: Value, windows: Windows): Value => {
  checkWindows('convolutionInputGradient', windows);
  return build([dy, w], { windows })[0]!;
};
