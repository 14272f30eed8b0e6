import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectShape } from './rules.js';
import {
  checkWindows,
  expectImages,
  placesShape,
  type Windows,
  windowElements,
} from './windows.js';

const build = defineOp<{ readonly windows: Windows }>({
  name: 'maxPoolingGradient',
  infer: ([x, dy], { windows }) => {
    expectImages('x', x!, windows);
    expectShape('dy', dy!, placesShape(x!.shape[0]!, windows, x!.shape[3]!));
    return [x!];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  flops: ([, dy], _, { windows }) => elements(dy!) * (windowElements(windows) + 1),
});

/**
 * The cotangent of what maxPooling was given: each of dy is added to the first, row after row, of the
 * largest numbers of its window.
 *
 * @param x f32 [batch, rows, columns, channels]
 * @param dy f32 [batch, places down, places across, channels]
 * @returns f32, as x
 */
export const maxPoolingGradient = (x: Value, dy: Value, windows: Windows): Value => {
  checkWindows('maxPoolingGradient', windows);
  return build([x, dy], { windows })[0]!;
};
