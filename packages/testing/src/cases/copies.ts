import { copyFromHost, copyToHost, type Shape } from '@sketchgrad/core';
import { between, indices } from '../data.js';
import { named, type OperationCase } from './case.js';

const SHAPES: readonly Shape[] = [[], [0], [1], [17], [3, 5], [130, 67]];

/** There and back, floats and integers. */
export const copiesAt = (shape: Shape): OperationCase[] =>
  ['copyToHost', 'copyFromHost'].map(
    (op): OperationCase => ({
      op,
      name: named(shape),
      inputs: { x: between(shape), at: indices(shape, 1000) },
      build: ({ x, at }) => [copyFromHost(copyToHost(x!)), copyFromHost(copyToHost(at!))],
    }),
  );

export const copyCases: readonly OperationCase[] = SHAPES.flatMap(copiesAt);
