import {
  averagePooling,
  convolution,
  maxPooling,
  type Value,
  type WindowOptions,
} from '../../src/index.js';
import { anything, type GradientCase } from '../support/gradient-case.js';

/** Windows that lie apart, over one another, and beyond the image. */
const pooled = (pool: (x: Value, options: WindowOptions) => Value): GradientCase[] =>
  (
    [
      { size: [2, 2], strides: [2, 2], padding: 'same' },
      { size: [2, 1] },
      { size: [3, 2], padding: 'same' },
    ] as const
  ).map((options) => ({
    args: (size, seed) => ({ x: anything([size(0), size(1) + 1, size(2) + 1, 2], seed) }),
    build: ({ x }) => pool(x!, options),
  }));

/** For the ops that move a window over images. */
export const WINDOW_GRADIENT_CASES: Readonly<Record<string, readonly GradientCase[]>> = {
  convolution: [
    { size: [2, 3], padding: 'same' } as const,
    { size: [2, 1], strides: [2, 1] } as const,
    { size: [2, 2], dilation: [1, 2], strides: [1, 2], padding: 'same' } as const,
  ].map(
    (options): GradientCase => ({
      args: (size, seed) => ({
        x: anything([size(0), size(1) + 1, size(2) + 1, 2], seed),
        w: anything([3, 2 * options.size[0] * options.size[1]], seed + 1),
        b: anything([3], seed + 2),
      }),
      build: ({ x, w, b }) => convolution(x!, w!, b, options),
    }),
  ),
  maxPooling: pooled(maxPooling),
  averagePooling: pooled(averagePooling),
};
