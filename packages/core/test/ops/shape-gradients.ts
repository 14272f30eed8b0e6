import { concatenate, permuteAxes, slice } from '../../src/index.js';
import { anything, type GradientCase } from '../support/gradient-case.js';

/** For the ops that put tensors together, and take parts or other orders of them. */
export const SHAPE_GRADIENT_CASES: Readonly<Record<string, readonly GradientCase[]>> = {
  concatenate: [0, 1].map(
    (axis): GradientCase => ({
      args: (size, seed) => ({
        a: anything([size(0), size(1), size(2)], seed),
        b: anything(axis === 0 ? [2, size(1), size(2)] : [size(0), 3, size(2)], seed + 1),
      }),
      build: ({ a, b }) => concatenate([a!, b!, a!], { axis }),
    }),
  ),
  slice: [0, 1, 2].map(
    (begin): GradientCase => ({
      args: (size, seed) => ({ x: anything([size(0), size(1) + 2, size(2)], seed) }),
      build: ({ x }) => slice(x!, { axis: 1, begin, size: x!.shape[1]! - 2 }),
    }),
  ),
  permuteAxes: [
    {
      args: (size, seed) => ({ x: anything([size(0), size(1), 2, size(2)], seed) }),
      build: ({ x }) => permuteAxes(x!, [2, 0, 3, 1]),
    },
  ],
};
