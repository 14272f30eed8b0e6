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
  type Value,
} from '@sketchgrad/core';
import { between, cycle, type Drawn, exactly, keyOf } from '../data.js';
import type { OperationCase } from './case.js';

/** Rows, features, features of a group. */
const SIZES: readonly Size[] = [
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

type Size = readonly [rows: number, features: number, group: number];

const settingsAt = ([rows, features, group]: Size) =>
  flags.flatMap((rotate) => [
    ...BITS.map((bits) => ({ rows, features, group, rotate, bits, ranked: false })),
    { rows, features, group, rotate, segments: mixed(rows), ranked: true },
  ]);

const quantizationsOf = ({
  rows,
  features,
  ranked,
  ...how
}: ReturnType<typeof settingsAt>[number]): OperationCase[] => {
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
    ...flags.flatMap((dither): OperationCase[] => {
      const read = dither ? `${name}, without dither` : name;
      /** The codes of x, and how they are read. */
      const coded = ({ x, key, ranks }: Readonly<Record<string, Value | undefined>>) => {
        const own = newKey(key!);
        const [codes, ranges] = quantize(x!, { ...how, key: own, ranks });
        const settings = { ...how, features, ranks, key: dither ? own : undefined };
        return { codes, ranges, settings };
      };
      return [
        {
          op: 'dequantize',
          name: read,
          inputs,
          build: (values) => {
            const { codes, ranges, settings } = coded(values);
            return [dequantize(codes, ranges, settings)];
          },
        },
        {
          op: 'quantizedMatmul',
          name: read,
          inputs: { ...inputs, y: between([rows, 13]) },
          build: ({ y, ...values }) => {
            const { codes, ranges, settings } = coded(values);
            return [quantizedMatmul(y!, codes, ranges, settings)];
          },
        },
        {
          op: 'roundingVariance',
          name: read,
          inputs,
          build: ({ x, ranks }) => [roundingVariance(x!, { ...how, dither, ranks })],
        },
      ];
    }),
  ];
};

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

/** Groups of seven: numbers anywhere, codes alone, numbers that are nearly codes, and all of them mixed. */
const SOME_AT_CODES = [
  [-1, 0.3, 1.1, 0.7, 1.9, -0.6, 2.5],
  [0, 3, 0, 0, 3, 0, 0],
  [0.001, 2.999, 0.002, 0, 3, 1.002, 0.998],
  [0, 0, 0, 0.25, 0.5, 1, 1],
] as const;

const ORDERS = [
  [0, 1, 2],
  [1, 0, 3],
  [1, 2, 1],
  [3, 3, 0],
] as const;

const someAtCodes = BITS.map(
  (bits): OperationCase => ({
    op: 'dequantize',
    name: `rows of which some groups are read without dither, ${bits} bits`,
    inputs: {
      x: exactly(
        [ORDERS.length, 21],
        ORDERS.flatMap((order) => order.flatMap((at) => [...SOME_AT_CODES[at]])),
      ),
      key: keyOf(2, 5),
    },
    build: ({ x, key }) => {
      const own = newKey(key!);
      const [codes, ranges] = quantize(x!, { bits, group: 7, key: own });
      return [dequantize(codes, ranges, { bits, group: 7, features: 21, key: own }), ranges];
    },
  }),
);

const rotationsAt = ([rows, features, group]: Size): OperationCase[] =>
  flags.map(
    (inverse): OperationCase => ({
      op: 'rotateFeatures',
      name: `${rows} × ${features} in groups of ${group}${inverse ? ', back' : ''}`,
      inputs: { x: between([rows, features]) },
      build: ({ x }) => [rotateFeatures(x!, { group, inverse })],
    }),
  );

/** Rows, features, features of a group. */
export const quantizationAt = (size: Size): OperationCase[] => [
  ...settingsAt(size).flatMap(quantizationsOf),
  ...rotationsAt(size),
];

/** Rows, features and columns of the projection. */
const PROJECTIONS = [
  [1, 1, 1],
  [5, 64, 8],
  [33, 100, 13],
  [200, 65, 70],
  [0, 4, 2],
  [3, 0, 2],
] as const;

export const projectionAt = ([rows, features, columns]: Size): OperationCase[] =>
  flags.map(
    (back): OperationCase => ({
      op: 'projectFeatures',
      name: `${rows} × ${features} to ${columns}${back ? ', back' : ''}`,
      inputs: { x: between([rows, back ? columns : features]), key: keyOf(4, rows) },
      build: ({ x, key }) => [projectFeatures(x!, { features, columns, back, key: newKey(key!) })],
    }),
  );

const TIES = [0, -0, 5, 5, -3, 1e-40, 5, Number.POSITIVE_INFINITY, -1e30, 0];

const ranking = (name: string, priorities: Drawn): OperationCase => ({
  op: 'rankRows',
  name,
  inputs: { priorities },
  build: (values) => [rankRows(values.priorities!)],
});

export const rankingAt = (rows: number): OperationCase => ranking(`${rows} rows`, between([rows]));

export const quantizationCases: readonly OperationCase[] = [
  ...SIZES.flatMap(quantizationAt),
  ...flat,
  ...someAtCodes,
  ...PROJECTIONS.flatMap(projectionAt),
  ...[0, 1, 2, 100, 1000].map(rankingAt),
  ranking('equal and extreme priorities', exactly([TIES.length], TIES)),
];
