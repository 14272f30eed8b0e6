import {
  affine,
  affineGradient,
  crossEntropy,
  crossEntropyGradient,
  dropout,
  newKey,
  normalize,
  normalizeGradient,
  type Shape,
  softmax,
} from '@sketchgrad/core';
import { between, exactly, indices, keyOf, startsBefore } from '../data.js';
import { named, type OperationCase } from './case.js';

const ROWS: readonly (readonly [number, number])[] = [
  [1, 1],
  [1, 5],
  [3, 4],
  [2, 7],
  [9, 33],
  [0, 4],
  [67, 130],
];

const normalizationsAt = ([rows, features]: readonly [number, number]): OperationCase[] => [
  {
    op: 'normalize',
    name: named([rows, features]),
    inputs: { x: between([rows, features], -3, 5) },
    build: ({ x }) => normalize(x!, { epsilon: 1e-5 }),
  },
  {
    op: 'normalizeGradient',
    name: named([rows, features]),
    inputs: {
      y: between([rows, features]),
      inverse: between([rows], 0.5, 2),
      dy: between([rows, features]),
    },
    build: ({ y, inverse, dy }) => [normalizeGradient(y!, inverse!, dy!)],
  },
  {
    op: 'affine',
    name: named([rows, features]),
    inputs: {
      x: between([rows, features]),
      gain: between([features], 0.5, 2),
      bias: between([features]),
    },
    build: ({ x, gain, bias }) => [affine(x!, gain!, bias!)],
  },
  {
    op: 'affineGradient',
    name: named([rows, features]),
    inputs: {
      x: between([rows, features]),
      gain: between([features], 0.5, 2),
      dy: between([rows, features]),
    },
    build: ({ x, gain, dy }) => affineGradient(x!, gain!, dy!),
  },
];

const softmaxAt = (shape: Shape): OperationCase => ({
  op: 'softmax',
  name: named(shape),
  inputs: { x: between(shape, -5, 5) },
  build: ({ x }) => [softmax(x!)],
});

const softmaxes = ([[1], [5], [0, 3], [3, 1], [2, 4], [2, 3, 7], [33, 65]] as Shape[]).map(
  softmaxAt,
);

const lossesAt = ([rows, classes]: readonly [number, number]): OperationCase[] => [
  {
    op: 'crossEntropy',
    name: named([rows, classes]),
    inputs: { logits: between([rows, classes], -5, 5), labels: indices([rows], classes) },
    build: ({ logits, labels }) => crossEntropy(logits!, labels!),
  },
  {
    op: 'crossEntropyGradient',
    name: named([rows, classes]),
    inputs: {
      probabilities: between([rows, classes], 0, 1),
      labels: indices([rows], classes),
      dloss: exactly([], [0.7]),
    },
    build: ({ probabilities, labels, dloss }) => [
      crossEntropyGradient(probabilities!, labels!, dloss!),
    ],
  },
];

/** Losses over the rows that are somebody's: rows and classes, and how many are nobody's. */
export const lossesBefore = ([rows, classes, behind]: readonly [
  number,
  number,
  number,
]): OperationCase[] => [
  {
    op: 'crossEntropy',
    name: `${rows - behind} of ${named([rows, classes])}`,
    inputs: {
      logits: between([rows, classes], -5, 5),
      labels: indices([rows], classes),
      starts: startsBefore(rows, behind),
    },
    build: ({ logits, labels, starts }) => crossEntropy(logits!, labels!, starts),
  },
  {
    op: 'crossEntropyGradient',
    name: `${rows - behind} of ${named([rows, classes])}`,
    inputs: {
      probabilities: between([rows, classes], 0, 1),
      labels: indices([rows], classes),
      dloss: exactly([], [0.7]),
      starts: startsBefore(rows, behind),
    },
    build: ({ probabilities, labels, dloss, starts }) => [
      crossEntropyGradient(probabilities!, labels!, dloss!, starts),
    ],
  },
];

/** Every op that goes row by row. */
export const rowWiseAt = (sizes: readonly [number, number]): OperationCase[] => [
  ...normalizationsAt(sizes),
  softmaxAt(sizes),
  ...(sizes[0] > 0 ? lossesAt(sizes) : []),
];

export const dropoutAt = (shape: Shape): OperationCase[] =>
  [0.1, 0.5, 0.9].map(
    (rate): OperationCase => ({
      op: 'dropout',
      name: `${named(shape)} rate ${rate}`,
      inputs: { x: between(shape), key: keyOf(7, 3) },
      build: ({ x, key }) => [dropout(x!, { rate, key: newKey(key!) })],
    }),
  );

const dropouts = ([[], [1], [3], [0, 4], [7, 9], [130, 67]] as Shape[]).flatMap(dropoutAt);

export const rowWiseCases: readonly OperationCase[] = [
  ...ROWS.flatMap(normalizationsAt),
  {
    op: 'normalize',
    name: 'rows far from zero, and one of equal numbers',
    inputs: { x: exactly([2, 4], [1000, 1001, 1002, 1003, 3, 3, 3, 3]) },
    build: ({ x }) => normalize(x!, { epsilon: 1e-5 }),
  },
  {
    op: 'normalize',
    name: 'rows whose squares or sums leave 32 bits',
    inputs: {
      x: exactly(
        [4, 5],
        [
          ...[2e19, -1e19, 3e19, 0, 1e19],
          ...[1e25, 3e25, -1e25, 2e25, 1],
          ...[3e38, 3e38, -3e38, 2e38, -1e38],
          ...[1, 2, 3, 4, 5],
        ],
      ),
    },
    build: ({ x }) => normalize(x!, { epsilon: 1e-5 }),
  },
  {
    op: 'normalize',
    name: 'a wide row whose squares leave 32 bits',
    inputs: { x: between([2, 67], -1e30, 2e30) },
    build: ({ x }) => normalize(x!, { epsilon: 1e-5 }),
  },
  {
    op: 'normalizeGradient',
    name: 'cotangents whose sums leave 32 bits',
    inputs: {
      y: between([3, 19]),
      inverse: between([3], 0.001, 0.002),
      dy: between([3, 19], 1e38, 3e38),
    },
    build: ({ y, inverse, dy }) => [normalizeGradient(y!, inverse!, dy!)],
  },
  ...softmaxes,
  {
    op: 'softmax',
    name: 'large numbers',
    inputs: { x: exactly([2, 3], [1000, 999, -1000, -1e30, -1e30, -1e30]) },
    build: ({ x }) => [softmax(x!)],
  },
  ...ROWS.filter(([rows]) => rows > 0).flatMap(lossesAt),
  ...(
    [
      [1, 5, 0],
      [3, 4, 2],
      [9, 33, 2],
      [67, 130, 40],
    ] as const
  ).flatMap(lossesBefore),
  {
    op: 'crossEntropy',
    name: 'large logits',
    inputs: {
      logits: exactly([2, 3], [1000, 0, -1000, 500, 501, 502]),
      labels: indices([2], 1),
    },
    build: ({ logits, labels }) => crossEntropy(logits!, labels!),
  },
  ...dropouts,
];
