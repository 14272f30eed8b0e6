import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { checkWindows, expectPlaces, type Windows, windowElements } from './windows.js';

const build = defineOp<{ readonly windows: Windows }>({
  name: 'averagePoolingGradient',
  infer: ([dy], { windows }) => {
    expectPlaces('dy', dy!, windows);
    return [{ shape: [dy!.shape[0]!, ...windows.image, dy!.shape[3]!], dtype: 'f32' }];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  flops: ([dy], _, { windows }) => elements(dy!) * (windowElements(windows) + 1),
});

/**
 * The cotangent of what averagePooling was given. f32 [batch, places down, places across, channels] →
 * f32 [batch, rows, columns, channels].
 */
export const averagePoolingGradient = (dy: Value, windows: Windows): Value => {
  checkWindows('averagePoolingGradient', windows);
  return build([dy], { windows })[0]!;
};
