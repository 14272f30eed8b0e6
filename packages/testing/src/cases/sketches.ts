import {
  countSketch,
  dct,
  dft,
  hadamard,
  newKey,
  permutation,
  type SketchKind,
  sketch,
} from '@sketchgrad/core';
import { between, keyOf } from '../data.js';
import type { OperationCase } from './case.js';

/** Rows and features of x, rows of the sketch. */
const SIZES: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [5, 3, 2],
  [6, 4, 1],
  [64, 7, 6],
  [65, 33, 7],
  [129, 65, 13],
  [300, 20, 30],
  [3, 5, 9],
  [4, 0, 2],
  [0, 4, 2],
];

/** Rows and features of x, rows of the sketch, rows to a block. */
const CUT: readonly (readonly [number, number, number, number])[] = [
  [1, 1, 1, 1],
  [2, 3, 2, 1],
  [7, 5, 3, 2],
  [65, 33, 20, 9],
  [129, 17, 13, 64],
  [300, 6, 31, 40],
  [1301, 3, 5, 600],
  [4, 0, 2, 2],
  [0, 4, 2, 3],
];

/** Transforms of every length up to 256, and some that take several strips of columns. */
const TRANSFORMED = [
  [2, 5, 2, undefined],
  [4, 3, 4, undefined],
  [8, 2, 8, undefined],
  [16, 3, 16, undefined],
  [32, 3, 32, undefined],
  [128, 9, 100, undefined],
  [256, 2, 256, undefined],
  [2000, 70, 20, undefined],
  [600, 130, 40, 300],
] as const;

const KINDS = ['gaussian', 'rademacher'] as const satisfies SketchKind[];

const entries = KINDS.flatMap((kind) =>
  SIZES.map(
    ([n, features, rows]): OperationCase => ({
      op: 'sketch',
      name: `${kind} of ${n} × ${features} to ${rows} rows`,
      inputs: { x: between([n, features]), key: keyOf(42, n) },
      build: ({ x, key }) => [sketch(x!, { kind, rows, key: newKey(key!) })],
    }),
  ),
);

const cutEntries = KINDS.flatMap((kind) =>
  CUT.map(
    ([n, features, rows, blockRows]): OperationCase => ({
      op: 'sketch',
      name: `${kind} of ${n} × ${features} to ${rows} rows, in blocks of ${blockRows}`,
      inputs: { x: between([n, features]), key: keyOf(42, n) },
      build: ({ x, key }) => {
        const blocks = { rows: blockRows, order: permutation(n, newKey(key!)) };
        return [sketch(x!, { kind, rows, key: newKey(key!), blocks })];
      },
    }),
  ),
);

const counts = [true, false].flatMap((balanced) =>
  [...SIZES.map((size) => [...size, undefined] as const), ...CUT].flatMap(
    ([n, features, rows, blockRows]): OperationCase[] => {
      if (balanced && rows > n) return [];
      const cut = blockRows === undefined ? '' : `, in blocks of ${blockRows}`;
      return [
        {
          op: 'countSketch',
          name: `${balanced ? 'balanced' : 'drawn'}, ${n} × ${features} to ${rows} rows${cut}`,
          inputs: { x: between([n, features]), key: keyOf(7, n) },
          build: ({ x, key }) => {
            const ordered = balanced || blockRows !== undefined;
            const order = ordered ? { order: permutation(n, newKey(key!)) } : {};
            return [countSketch(x!, { rows, key: newKey(key!), balanced, blockRows, ...order })];
          },
        },
      ];
    },
  ),
);

const transforms = [dct, dft, hadamard].flatMap((transform) =>
  [true, false].flatMap((replacement) =>
    [...SIZES.map((size) => [...size, undefined] as const), ...CUT, ...TRANSFORMED].flatMap(
      ([n, features, rows, blockRows]): OperationCase[] => {
        if (!replacement && rows > n) return [];
        const options = blockRows === undefined ? { replacement } : { replacement, blockRows };
        const { name, apply } = transform(options);
        const how = replacement ? 'with replacement' : 'without';
        const cut = blockRows === undefined ? '' : `, in blocks of ${blockRows}`;
        return [
          {
            op: 'transformSketch',
            name: `${name} of ${n} × ${features} to ${rows} rows ${how}${cut}`,
            inputs: { x: between([n, features]), key: keyOf(9, n) },
            build: ({ x, key }) => [apply(x!, newKey(key!), rows)],
          },
        ];
      },
    ),
  ),
);

const permutations = [
  [0, 1],
  [1, 1],
  [2, 1],
  [7, 1],
  [1, 5],
  [16, 3],
  [33, 7],
  [2048, 1],
].map(
  ([rows, segments]): OperationCase => ({
    op: 'permutation',
    name: `of ${rows}, ${segments} of them`,
    inputs: { key: keyOf(42, rows!) },
    build: ({ key }) => [permutation(rows!, newKey(key!), { segments: segments! })],
  }),
);

export const sketchCases: readonly OperationCase[] = [
  ...entries,
  ...cutEntries,
  ...counts,
  ...transforms,
  ...permutations,
];
