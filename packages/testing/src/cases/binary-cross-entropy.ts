import { binaryCrossEntropy, binaryCrossEntropyGradient, type Shape } from '@sketchgrad/core';
import { between, exactly, startsBefore } from '../data.js';
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

/** Of a shape's rows, of which so many are nobody's. */
export const binaryCrossEntropyBefore = (shape: Shape, behind: number): OperationCase[] => {
  const starts = startsBefore(shape[0]!, behind);
  const name = `${shape[0]! - behind} of ${named(shape)}`;
  return [
    {
      op: 'binaryCrossEntropy',
      name,
      inputs: { logits: between(shape, -6, 6), targets: between(shape, 0, 1), starts },
      build: ({ logits, targets, starts }) => [binaryCrossEntropy(logits!, targets!, starts)],
    },
    {
      op: 'binaryCrossEntropyGradient',
      name,
      inputs: {
        logits: between(shape, -6, 6),
        targets: between(shape, 0, 1),
        dloss: exactly([], [0.7]),
        starts,
      },
      build: ({ logits, targets, dloss, starts }) => [
        binaryCrossEntropyGradient(logits!, targets!, dloss!, starts),
      ],
    },
  ];
};

export const binaryCrossEntropyCases: readonly OperationCase[] = [
  ...SHAPES.flatMap(binaryCrossEntropyAt),
  ...binaryCrossEntropyBefore([5], 2),
  ...binaryCrossEntropyBefore([4, 5], 0),
  ...binaryCrossEntropyBefore([9, 33], 2),
  // 4,095 entries of 8,710, at the end of a block.
  ...binaryCrossEntropyBefore([134, 65], 71),
  ...binaryCrossEntropyBefore([6, 2, 3], 1),
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
