import { batchNormalize, batchNormalizeGradient, moveAverage } from '@sketchgrad/core';
import { between, exactly } from '../data.js';
import { named, type OperationCase } from './case.js';

/** One block of rows and several, with a rest; features that fill vectors and not. */
const SIZES: readonly (readonly [number, number])[] = [
  [2, 1],
  [3, 4],
  [5, 7],
  [9, 33],
  [4, 0],
  [257, 17],
  [700, 5],
];

/** Four rows whose columns lie far from zero, in a line, or are all alike. */
const FAR = exactly([4, 3], [1000, 3, 7, 1001, 4, 7, 1002, 5, 7, 1003, 6, 7]);

export const batchAt = ([rows, features]: readonly [number, number]): OperationCase[] => [
  {
    op: 'batchNormalize',
    name: named([rows, features]),
    inputs: { x: between([rows, features], -3, 5) },
    // The statistics beside the result.
    build: ({ x }) => batchNormalize(x!, { epsilon: 1e-5 }).node.outputs,
  },
  {
    op: 'batchNormalizeGradient',
    name: named([rows, features]),
    inputs: {
      y: between([rows, features]),
      inverse: between([features], 0.5, 2),
      dy: between([rows, features]),
    },
    build: ({ y, inverse, dy }) => [batchNormalizeGradient(y!, inverse!, dy!)],
  },
  {
    op: 'moveAverage',
    name: named([rows, features]),
    inputs: { x: between([rows, features]) },
    state: { average: between([rows, features]) },
    build: ({ average, x }) => [moveAverage(average!, x!, { momentum: 0.1, factor: 1.25 })],
  },
];

export const batchCases: readonly OperationCase[] = [
  ...SIZES.flatMap(batchAt),
  {
    op: 'batchNormalize',
    name: 'columns far from zero, and one of equal numbers',
    inputs: { x: FAR },
    build: ({ x }) => batchNormalize(x!, { epsilon: 1e-5 }).node.outputs,
  },
  ...[4, 257, 600].flatMap((rows): OperationCase[] => [
    {
      op: 'batchNormalize',
      name: `${rows} rows whose squares leave 32 bits`,
      inputs: { x: between([rows, 3], -1.5e19, 1.5e19) },
      build: ({ x }) => batchNormalize(x!, { epsilon: 1e-5 }).node.outputs,
    },
    {
      op: 'batchNormalize',
      name: `${rows} rows whose variance leaves 32 bits`,
      inputs: { x: between([rows, 3], -1e37, 3e37) },
      // The variance itself is infinite.
      build: ({ x }) => batchNormalize(x!, { epsilon: 1e-5 }).node.outputs.slice(0, 3),
    },
    {
      op: 'batchNormalizeGradient',
      name: `${rows} rows of cotangents whose sums leave 32 bits`,
      inputs: {
        y: between([rows, 3]),
        inverse: between([3], 0.001, 0.002),
        dy: between([rows, 3], 1e37, 1.5e38),
      },
      build: ({ y, inverse, dy }) => [batchNormalizeGradient(y!, inverse!, dy!)],
    },
  ]),
];
