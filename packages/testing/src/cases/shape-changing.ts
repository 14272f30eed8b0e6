import {
  broadcastTo,
  concatenate,
  permuteAxes,
  reshape,
  rowSquaredNorms,
  type Shape,
  slice,
  squaredNorm,
  sum,
  transpose,
} from '@sketchgrad/core';
import { between } from '../data.js';
import { named, type OperationCase } from './case.js';

const sums: readonly (readonly [Shape, number])[] = [
  [[1], 0],
  [[7], 0],
  [[0], 0],
  [[5, 3], 0],
  [[5, 3], 1],
  [[0, 3], 0],
  [[3, 0], 1],
  [[0, 3], 1],
  [[2, 3, 5], 0],
  [[2, 3, 5], 1],
  [[2, 3, 5], 2],
  [[1, 1, 1], 1],
  [[129, 67], 0],
  [[129, 67], 1],
];

const broadcasts: readonly (readonly [Shape, Shape])[] = [
  [[], [3]],
  [[1], [5]],
  [[3], [4, 3]],
  [
    [4, 1],
    [4, 7],
  ],
  [
    [1, 4],
    [6, 4],
  ],
  [
    [2, 1, 3],
    [2, 5, 3],
  ],
  [[1], [0]],
  [
    [1, 1],
    [33, 65],
  ],
];

const transposes: readonly Shape[] = [
  [1, 1],
  [1, 7],
  [5, 3],
  [0, 4],
  [33, 65],
];

/** Rows and features. */
export const matrixAt = (shape: Shape): OperationCase[] => [
  {
    op: 'rowSquaredNorms',
    name: named(shape),
    inputs: { x: between(shape) },
    build: ({ x }) => [rowSquaredNorms(x!)],
  },
  {
    op: 'transpose',
    name: named(shape),
    inputs: { x: between(shape) },
    build: ({ x }) => [transpose(x!)],
  },
];

export const sumAt = (shape: Shape, axis: number): OperationCase => ({
  op: 'sum',
  name: `${named(shape)} axis ${axis}`,
  inputs: { x: between(shape) },
  build: ({ x }) => [sum(x!, { axis })],
});

export const squaredNormAt = (shape: Shape): OperationCase => ({
  op: 'squaredNorm',
  name: named(shape),
  inputs: { x: between(shape) },
  build: ({ x }) => [squaredNorm(x!)],
});

export const broadcastAt = (from: Shape, to: Shape): OperationCase => ({
  op: 'broadcastTo',
  name: named(from, to),
  inputs: { x: between(from) },
  build: ({ x }) => [broadcastTo(x!, to)],
});

export const concatenateAt = (shapes: readonly Shape[], axis: number): OperationCase => ({
  op: 'concatenate',
  name: `${named(...shapes)} along ${axis}`,
  inputs: Object.fromEntries(shapes.map((shape, at) => [`x${at}`, between(shape)])),
  build: (values) => [concatenate(Object.values(values), { axis })],
});

export const sliceAt = (
  shape: Shape,
  part: { readonly axis: number; readonly begin: number; readonly size: number },
): OperationCase => ({
  op: 'slice',
  name: `${named(shape)} ${part.begin} to ${part.begin + part.size} along ${part.axis}`,
  inputs: { x: between(shape) },
  build: ({ x }) => [slice(x!, part)],
});

export const permuteAt = (shape: Shape, order: readonly number[]): OperationCase => ({
  op: 'permuteAxes',
  name: `${named(shape)} to ${order.join(', ')}`,
  inputs: { x: between(shape) },
  build: ({ x }) => [permuteAxes(x!, order)],
});

const putTogether: readonly (readonly [readonly Shape[], number])[] = [
  [[[3]], 0],
  [[[2], [1], [4]], 0],
  [
    [
      [2, 3],
      [2, 5],
    ],
    1,
  ],
  [
    [
      [1, 3],
      [4, 3],
    ],
    0,
  ],
  [
    [
      [2, 3, 4],
      [2, 1, 4],
      [2, 0, 4],
      [2, 17, 4],
    ],
    1,
  ],
];

const parts: readonly OperationCase[] = [
  sliceAt([5], { axis: 0, begin: 2, size: 3 }),
  sliceAt([4, 7], { axis: 1, begin: 1, size: 5 }),
  sliceAt([4, 7], { axis: 0, begin: 3, size: 1 }),
  sliceAt([2, 9, 5], { axis: 1, begin: 0, size: 9 }),
  sliceAt([2, 9, 5], { axis: 1, begin: 4, size: 0 }),
  sliceAt([0, 3], { axis: 1, begin: 1, size: 1 }),
];

const permuted: readonly OperationCase[] = [
  permuteAt([], []),
  permuteAt([3], [0]),
  permuteAt([2, 5], [1, 0]),
  permuteAt([2, 3, 5], [0, 1, 2]),
  permuteAt([2, 3, 5], [2, 0, 1]),
  permuteAt([4, 3, 2, 7], [0, 2, 1, 3]),
  permuteAt([0, 3, 2], [1, 2, 0]),
  permuteAt([2, 3, 1, 2, 3, 2], [5, 3, 1, 0, 4, 2]),
];

export const shapeChangingCases: readonly OperationCase[] = [
  ...transposes.flatMap(matrixAt),
  ...putTogether.map(([shapes, axis]) => concatenateAt(shapes, axis)),
  ...parts,
  ...permuted,
  ...sums.map(([shape, axis]) => sumAt(shape, axis)),
  {
    op: 'sum',
    name: 'over all of [3, 4]',
    inputs: { x: between([3, 4]) },
    build: ({ x }) => [sum(x!), sum(x!, { keepDimensions: true })],
  },
  ...([[], [0], [1], [5], [7, 9], [130, 67]] as Shape[]).map(squaredNormAt),
  ...broadcasts.map(([from, to]) => broadcastAt(from, to)),
  {
    op: 'reshape',
    name: '[2, 6] to [3, 4], [12] and [1, 12, 1]',
    inputs: { x: between([2, 6]) },
    build: ({ x }) => [reshape(x!, [3, 4]), reshape(x!, [12]), reshape(x!, [1, 12, 1])],
  },
  {
    op: 'reshape',
    name: '[0, 3] to [3, 0]',
    inputs: { x: between([0, 3]) },
    build: ({ x }) => [reshape(x!, [3, 0])],
  },
];
