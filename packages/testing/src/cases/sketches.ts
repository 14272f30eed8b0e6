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

type Size = readonly [number, number, number];
type CutSize = readonly [number, number, number, number];
type MaybeCut = readonly [number, number, number, number | undefined];

/** Rows and features of x, rows of the sketch. */
const SIZES: readonly Size[] = [
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
const CUT: readonly CutSize[] = [
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

/** All of them: types tell of one that is missing. */
const EVERY_KIND: Readonly<Record<SketchKind, true>> = { gaussian: true, rademacher: true };
export const KINDS = Object.keys(EVERY_KIND) as SketchKind[];

/** Rows and features of x, rows of the sketch. */
export const sketchAt = (kind: SketchKind, [n, features, rows]: Size): OperationCase => ({
  op: 'sketch',
  name: `${kind} of ${n} × ${features} to ${rows} rows`,
  inputs: { x: between([n, features]), key: keyOf(42, n) },
  build: ({ x, key }) => [sketch(x!, { kind, rows, key: newKey(key!) })],
});

export const cutSketchAt = (
  kind: SketchKind,
  [n, features, rows, blockRows]: CutSize,
): OperationCase => ({
  op: 'sketch',
  name: `${kind} of ${n} × ${features} to ${rows} rows, in blocks of ${blockRows}`,
  inputs: { x: between([n, features]), key: keyOf(42, n) },
  build: ({ x, key }) => {
    const blocks = { rows: blockRows, order: permutation(n, newKey(key!)) };
    return [sketch(x!, { kind, rows, key: newKey(key!), blocks })];
  },
});

export const countAt = ([n, features, rows, blockRows]: MaybeCut): OperationCase[] =>
  [true, false].flatMap((balanced): OperationCase[] => {
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
  });

export const transformAt = ([n, features, rows, blockRows]: MaybeCut): OperationCase[] =>
  [dct, dft, hadamard].flatMap((transform) =>
    [true, false].flatMap((replacement): OperationCase[] => {
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
    }),
  );

export const permutationAt = (rows: number, segments: number): OperationCase => ({
  op: 'permutation',
  name: `of ${rows}, ${segments} of them`,
  inputs: { key: keyOf(42, rows) },
  build: ({ key }) => [permutation(rows, newKey(key!), { segments })],
});

const PERMUTATIONS = [
  [0, 1],
  [1, 1],
  [2, 1],
  [7, 1],
  [1, 5],
  [16, 3],
  [33, 7],
  [2048, 1],
] as const;

const WHOLE = SIZES.map((size): MaybeCut => [...size, undefined]);

export const sketchCases: readonly OperationCase[] = [
  ...KINDS.flatMap((kind) => SIZES.map((size) => sketchAt(kind, size))),
  ...KINDS.flatMap((kind) => CUT.map((size) => cutSketchAt(kind, size))),
  ...[...WHOLE, ...CUT].flatMap(countAt),
  ...[...WHOLE, ...CUT, ...TRANSFORMED].flatMap(transformAt),
  ...PERMUTATIONS.map(([rows, segments]) => permutationAt(rows, segments)),
];
