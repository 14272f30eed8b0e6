import {
  type AttentionAttributes,
  attention,
  attentionGradient,
  attentionPooling,
  attentionPoolingGradient,
  newKey,
  type Value,
  zeroRowsBehind,
} from '@sketchgrad/core';
import { between, keyOf, maskOf, multiplesOf, startsBefore, startsOf } from '../data.js';
import { named, type OperationCase } from './case.js';

export interface AttentionSizes {
  /** Rows of each sequence. */
  readonly lengths: readonly number[];
  /** Rows behind the last one; none unless given. */
  readonly spare?: number;
  /** The last one of so many keys of a sequence is masked; none unless given. */
  readonly masked?: number;
  readonly heads: number;
  readonly size: number;
  readonly rate: number;
  /**
   * Queries, keys and values are small multiples of this: scores of any size are then exact in f32,
   * and keys often tie. Numbers about 1 unless given.
   */
  readonly unit?: number;
}

const SIZES: readonly AttentionSizes[] = [
  { lengths: [1], heads: 1, size: 1, rate: 0 },
  { lengths: [5], heads: 1, size: 4, rate: 0 },
  { lengths: [3, 7], heads: 2, size: 3, rate: 0 },
  { lengths: [3, 7], spare: 2, masked: 4, heads: 2, size: 3, rate: 0.3 },
  { lengths: [4, 0, 2, 1, 0], spare: 1, heads: 3, size: 5, rate: 0.1 },
  { lengths: [4, 2, 1], masked: 1, heads: 2, size: 4, rate: 0.1 },
  { lengths: [33, 20], masked: 7, heads: 2, size: 32, rate: 0.1 },
  { lengths: [], spare: 3, heads: 2, size: 4, rate: 0.1 },
  { lengths: [], heads: 2, size: 4, rate: 0.1 },
  { lengths: [0, 0], heads: 2, size: 4, rate: 0.1 },
  { lengths: [70, 129, 1], spare: 5, heads: 2, size: 9, rate: 0.5 },
  { lengths: [2, 2, 3, 90, 2, 1, 3], heads: 5, size: 6, rate: 0.1 },
  ...[1, 30, 100, 1000, 1e4].flatMap((unit) =>
    [0, 0.3].map((rate) => ({ lengths: [3, 17], spare: 1, heads: 2, size: 4, rate, unit })),
  ),
];

const nameOf = ({ lengths, spare = 0, masked, heads, size, rate, unit }: AttentionSizes) =>
  [
    `lengths [${lengths.join(', ')}] and ${spare}`,
    `${heads} heads of ${size}`,
    `dropout ${rate}`,
    ...(masked === undefined ? [] : [`1 of ${masked} masked`]),
    ...(unit === undefined ? [] : [`multiples of ${unit}`]),
  ].join(', ');

const rowsOf = ({ lengths, spare = 0 }: AttentionSizes): number =>
  lengths.reduce((rows, length) => rows + length, spare);

const projectionsOf = ({ unit }: AttentionSizes, shape: readonly number[]) =>
  unit === undefined ? between(shape) : multiplesOf(unit, shape);

const common = (sizes: AttentionSizes) => ({
  starts: startsOf(sizes.lengths),
  mask: maskOf(sizes.lengths, sizes),
  key: keyOf(9, 4),
});

const attributesOf = (context: Value) => context.node.attributes as AttentionAttributes;

export function attentionAt(sizes: AttentionSizes): OperationCase[] {
  const { lengths, heads, size, rate } = sizes;
  const [rows, features] = [rowsOf(sizes), heads * size];
  const options = (key: Value) => {
    const longest = lengths.reduce((most, length) => Math.max(most, length), 1);
    return { heads, longest, rate, key: newKey(key) };
  };
  const drawn = { projections: projectionsOf(sizes, [rows, 3 * features]), ...common(sizes) };
  const pooled = {
    keysValues: projectionsOf(sizes, [rows, 2 * features]),
    queries: projectionsOf(sizes, [lengths.length, features]),
    ...common(sizes),
  };
  const name = nameOf(sizes);
  return [
    {
      ...{ op: 'attention', name, inputs: drawn },
      build: ({ projections, starts, mask, key }) => {
        const context = attention(projections!, starts!, mask!, options(key!));
        // The log-sum-exp over no key at all is each backend's own affair.
        return sizes.masked === 1 ? [context] : context.node.outputs;
      },
    },
    {
      ...{ op: 'attentionGradient', name },
      inputs: { ...drawn, dcontext: between([rows, features]) },
      build: ({ projections, starts, mask, key, dcontext }) => {
        const context = attention(projections!, starts!, mask!, options(key!));
        const logSumExp = context.node.outputs[1]!;
        const inputs = [projections!, starts!, mask!, key!, logSumExp, dcontext!] as const;
        return [attentionGradient(inputs, attributesOf(context))];
      },
    },
    {
      ...{ op: 'attentionPooling', name, inputs: pooled },
      build: ({ queries, keysValues, starts, mask, key }) =>
        attentionPooling(queries!, keysValues!, starts!, mask!, options(key!)).node.outputs,
    },
    {
      ...{ op: 'attentionPoolingGradient', name },
      inputs: { ...pooled, dcontext: between([lengths.length, features]) },
      build: ({ queries, keysValues, starts, mask, key, dcontext }) => {
        const context = attentionPooling(queries!, keysValues!, starts!, mask!, options(key!));
        const probabilities = context.node.outputs[1]!;
        const [dqueries, dkeysValues] = attentionPoolingGradient(
          [queries!, keysValues!, starts!, mask!, key!, probabilities, dcontext!],
          attributesOf(context),
        );
        return [dkeysValues, dqueries];
      },
    },
  ];
}

/** Rows and features, and how many of the rows lie behind the last sequence. */
export const zeroRowsBehindAt = ([rows, features, behind]: readonly [
  number,
  number,
  number,
]): OperationCase => {
  const used = Math.max(0, rows - behind);
  return {
    op: 'zeroRowsBehind',
    name: `${used} of ${named([rows, features])}`,
    inputs: { x: between([rows, features]), starts: startsBefore(rows, behind) },
    build: ({ x, starts }) => [zeroRowsBehind(x!, starts!)],
  };
};

export const attentionCases: readonly OperationCase[] = [
  ...SIZES.flatMap(attentionAt),
  ...(
    [
      [1, 1, 0],
      [1, 1, 1],
      [7, 5, 0],
      [7, 5, 3],
      [9, 130, 9],
      [40, 33, 17],
      [0, 4, 0],
    ] as const
  ).map(zeroRowsBehindAt),
];
