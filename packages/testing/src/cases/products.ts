import { linear, matmul } from '@sketchgrad/core';
import { between } from '../data.js';
import type { OperationCase } from './case.js';

/** Rows, inner size, columns. */
const SIZES: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [1, 5, 1],
  [2, 3, 5],
  [7, 1, 9],
  [4, 4, 4],
  [16, 17, 33],
  [65, 66, 67],
  [0, 3, 4],
  [3, 4, 0],
  [3, 0, 4],
];

const flags = [false, true];

const matmulAt = ([m, k, n]: readonly [number, number, number]): OperationCase[] =>
  flags.flatMap((transposeA) =>
    flags.map(
      (transposeB): OperationCase => ({
        op: 'matmul',
        name: `${m} × ${k} × ${n}${transposeA ? ', a transposed' : ''}${transposeB ? ', b transposed' : ''}`,
        inputs: {
          a: between(transposeA ? [k, m] : [m, k]),
          b: between(transposeB ? [n, k] : [k, n]),
        },
        build: ({ a, b }) => [matmul(a!, b!, { transposeA, transposeB })],
      }),
    ),
  );

const linearAt = ([rows, inputs, outputs]: readonly [number, number, number]): OperationCase[] =>
  flags.map(
    (bias): OperationCase => ({
      op: 'linear',
      name: `${rows} × ${inputs} to ${outputs}${bias ? ' with a bias' : ''}`,
      inputs: {
        x: between([rows, inputs]),
        w: between([outputs, inputs]),
        ...(bias ? { b: between([outputs]) } : {}),
      },
      build: ({ x, w, b }) => [linear(x!, w!, b)],
    }),
  );

/** Rows, inner size, columns. */
export const productAt = (sizes: readonly [number, number, number]): OperationCase[] => [
  ...matmulAt(sizes),
  ...linearAt(sizes),
];

export const productCases: readonly OperationCase[] = SIZES.flatMap(productAt);
