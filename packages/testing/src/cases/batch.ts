import { batchNormalize, batchNormalizeGradient, moveAverage } from '@sketchgrad/core';
import { between, exactly, startsBefore } from '../data.js';
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

/** The two whose rows behind the last sequence are nobody's: rows and features, and how many those are. */
export const batchBefore = ([rows, features, behind]: readonly [
  number,
  number,
  number,
]): OperationCase[] => [
  {
    op: 'batchNormalize',
    name: `${rows - behind} of ${named([rows, features])}`,
    inputs: { x: between([rows, features], -3, 5), starts: startsBefore(rows, behind) },
    build: ({ x, starts }) => batchNormalize(x!, { epsilon: 1e-5, starts: starts! }).node.outputs,
  },
  {
    op: 'batchNormalizeGradient',
    name: `${rows - behind} of ${named([rows, features])}`,
    inputs: {
      y: between([rows, features]),
      inverse: between([features], 0.5, 2),
      dy: between([rows, features]),
      starts: startsBefore(rows, behind),
    },
    build: ({ y, inverse, dy, starts }) => [batchNormalizeGradient(y!, inverse!, dy!, starts!)],
  },
];

/** Down to two rows, up to none behind, and over a block's end. */
const BEFORE: readonly (readonly [number, number, number])[] = [
  [3, 1, 1],
  [5, 7, 0],
  [9, 33, 7],
  [4, 0, 1],
  [260, 17, 3],
  [700, 5, 443],
];

export const batchCases: readonly OperationCase[] = [
  ...SIZES.flatMap(batchAt),
  ...BEFORE.flatMap(batchBefore),
  {
    op: 'batchNormalize',
    name: 'two sequences of all rows whose squares leave 32 bits, but the last',
    inputs: { x: between([300, 3], -1.5e19, 1.5e19), starts: startsBefore(300, 1) },
    build: ({ x, starts }) => batchNormalize(x!, { epsilon: 1e-5, starts: starts! }).node.outputs,
  },
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
