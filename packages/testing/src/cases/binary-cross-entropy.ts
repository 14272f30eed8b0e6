import { binaryCrossEntropy, binaryCrossEntropyGradient, type Shape } from '@sketchgrad/core';
import { between, exactly } from '../data.js';
import { named, type OperationCase } from './case.js';

const SHAPES: readonly Shape[] = [[1], [3], [4, 5], [9, 33], [67, 130]];

export const binaryCrossEntropyAt = (shape: Shape): OperationCase[] => [
  {
    op: 'binaryCrossEntropy',
    name: named(shape),
    inputs: { logits: between(shape, -6, 6), targets: between(shape, 0, 1) },
    build: ({ logits, targets }) => [binaryCrossEntropy(logits!, targets!)],
  },
  {
    op: 'binaryCrossEntropyGradient',
    name: named(shape),
    inputs: {
      logits: between(shape, -6, 6),
      targets: between(shape, 0, 1),
      dloss: exactly([], [0.7]),
    },
    build: ({ logits, targets, dloss }) => [binaryCrossEntropyGradient(logits!, targets!, dloss!)],
  },
];

export const binaryCrossEntropyCases: readonly OperationCase[] = [
  ...SHAPES.flatMap(binaryCrossEntropyAt),
  ...[16.5, -20, 30, 80].map(
    (logit): OperationCase => ({
      op: 'binaryCrossEntropy',
      name: `of a certain ${logit}, where the loss is tiny`,
      inputs: { logits: exactly([1], [logit]), targets: exactly([1], [logit > 0 ? 1 : 0]) },
      build: ({ logits, targets }) => [binaryCrossEntropy(logits!, targets!)],
    }),
  ),
  {
    op: 'binaryCrossEntropy',
    name: 'large logits on the wrong side',
    inputs: {
      logits: exactly([4], [1000, -1000, 1e30, -1e30]),
      targets: exactly([4], [0, 1, 0, 1]),
    },
    build: ({ logits, targets }) => [binaryCrossEntropy(logits!, targets!)],
  },
  {
    op: 'binaryCrossEntropyGradient',
    name: 'large logits',
    inputs: {
      logits: exactly([4], [1000, -1000, 90, -40]),
      targets: exactly([4], [0, 1, 1, 0.5]),
      dloss: exactly([], [1]),
    },
    build: ({ logits, targets, dloss }) => [binaryCrossEntropyGradient(logits!, targets!, dloss!)],
  },
];
