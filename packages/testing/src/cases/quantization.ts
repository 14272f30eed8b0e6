import {
  type CodeBits,
  dequantize,
  newKey,
  projectFeatures,
  quantize,
  quantizedMatmul,
  rankRows,
  rotateFeatures,
  roundingVariance,
  type Segment,
} from '@sketchgrad/core';
import { between, cycle, exactly, keyOf } from '../data.js';
import type { OperationCase } from './case.js';

/** Rows, features, features of a group. */
const SIZES: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [1, 31, 128],
  [3, 33, 8],
  [5, 64, 64],
  [9, 100, 48],
  [4, 129, 7],
  [17, 384, 192],
  [3, 600, 600],
  [0, 5, 4],
  [3, 0, 4],
];

const BITS: readonly CodeBits[] = [1, 2, 3, 4, 8];
const flags = [false, true];

/** Rows of several widths: the first by rank get 8 bits, and so on. */
const mixed = (rows: number): readonly Segment[] =>
  [...BITS].reverse().map((bits, at) => ({
    bits,
    rows: Math.floor((rows * (at + 1)) / 5) - Math.floor((rows * at) / 5),
  }));

const settings = SIZES.flatMap(([rows, features, group]) =>
  flags.flatMap((rotate) => [
    ...BITS.map((bits) => ({ rows, features, group, rotate, bits, ranked: false })),
    { rows, features, group, rotate, segments: mixed(rows), ranked: true },
  ]),
);

const quantizations = settings.flatMap(({ rows, features, ranked, ...how }): OperationCase[] => {
  const name = `${rows} × ${features} in groups of ${how.group}${how.rotate ? ', rotated' : ''}, ${'bits' in how ? how.bits : 'mixed'} bits`;
  const inputs = {
    x: between([rows, features], -1, 3),
    key: keyOf(9, features),
    ...(ranked ? { ranks: cycle(rows) } : {}),
  };
  return [
    {
      op: 'quantize',
      name,
      inputs,
      build: ({ x, key, ranks }) => quantize(x!, { ...how, key: newKey(key!), ranks }),
    },
    {
      op: 'dequantize',
      name,
      inputs,
      build: ({ x, key, ranks }) => {
        const [codes, ranges] = quantize(x!, { ...how, key: newKey(key!), ranks });
        return [dequantize(codes, ranges, { ...how, features, ranks })];
      },
    },
    {
      op: 'quantizedMatmul',
      name,
      inputs: { ...inputs, y: between([rows, 13]) },
      build: ({ x, y, key, ranks }) => {
        const [codes, ranges] = quantize(x!, { ...how, key: newKey(key!), ranks });
        return [quantizedMatmul(y!, codes, ranges, { ...how, features, ranks })];
      },
    },
    {
      op: 'roundingVariance',
      name,
      inputs,
      build: ({ x, ranks }) => [roundingVariance(x!, { ...how, ranks })],
    },
  ];
});

/** Groups whose extremes are zeros of either sign, or all one number. */
const FLAT = [
  [0, 0, 0, 0, 0, 0, 0, 0, 0],
  [-0, -0, -0, -0, -0, -0, -0, -0, -0],
  [0, -0, 0, -0, -0, -0, 0, 0, -0],
  [-3, -0, -1, 0, -2, -0, -0, -0, 0],
  [3, -0, 1, 0, 2, -0, -0, -0, 0],
  [7, 7, 7, 7, 7, 7, 7, 7, 7],
] as const;

const flat = BITS.map(
  (bits): OperationCase => ({
    op: 'quantize',
    name: `zeros of either sign and equal numbers, ${bits} bits`,
    inputs: { x: exactly([FLAT.length, FLAT[0].length], FLAT.flat()), key: keyOf(2, 5) },
    build: ({ x, key }) => quantize(x!, { bits, group: 128, rotate: false, key: newKey(key!) }),
  }),
);

const rotations = SIZES.flatMap(([rows, features, group]) =>
  flags.map(
    (inverse): OperationCase => ({
      op: 'rotateFeatures',
      name: `${rows} × ${features} in groups of ${group}${inverse ? ', back' : ''}`,
      inputs: { x: between([rows, features]) },
      build: ({ x }) => [rotateFeatures(x!, { group, inverse })],
    }),
  ),
);

/** Rows, features and columns of the projection. */
const PROJECTIONS = [
  [1, 1, 1],
  [5, 64, 8],
  [33, 100, 13],
  [200, 65, 70],
  [0, 4, 2],
  [3, 0, 2],
] as const;

const projections = PROJECTIONS.flatMap(([rows, features, columns]) =>
  flags.map(
    (back): OperationCase => ({
      op: 'projectFeatures',
      name: `${rows} × ${features} to ${columns}${back ? ', back' : ''}`,
      inputs: { x: between([rows, back ? columns : features]), key: keyOf(4, rows) },
      build: ({ x, key }) => [projectFeatures(x!, { features, columns, back, key: newKey(key!) })],
    }),
  ),
);

const TIES = [0, -0, 5, 5, -3, 1e-40, 5, Number.POSITIVE_INFINITY, -1e30, 0];

const rankings = [
  ...[0, 1, 2, 100, 1000].map((rows) => ({ name: `${rows} rows`, priorities: between([rows]) })),
  { name: 'equal and extreme priorities', priorities: exactly([TIES.length], TIES) },
].map(
  ({ name, priorities }): OperationCase => ({
    op: 'rankRows',
    name,
    inputs: { priorities },
    build: (values) => [rankRows(values.priorities!)],
  }),
);

export const quantizationCases: readonly OperationCase[] = [
  ...quantizations,
  ...flat,
  ...rotations,
  ...projections,
  ...rankings,
];
