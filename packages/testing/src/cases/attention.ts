import { attention, attentionGradient, newKey, type Value } from '@sketchgrad/core';
import { between, keyOf, maskOf, multiplesOf } from '../data.js';
import type { OperationCase } from './case.js';

export interface AttentionSizes {
  /** Unmasked tokens of each sequence. */
  readonly lengths: readonly number[];
  readonly sequence: number;
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
  { lengths: [1], sequence: 1, heads: 1, size: 1, rate: 0 },
  { lengths: [5], sequence: 5, heads: 1, size: 4, rate: 0 },
  { lengths: [3, 7], sequence: 7, heads: 2, size: 3, rate: 0 },
  { lengths: [3, 7], sequence: 7, heads: 2, size: 3, rate: 0.3 },
  { lengths: [4, 0, 2], sequence: 4, heads: 3, size: 5, rate: 0.1 },
  { lengths: [33, 20], sequence: 33, heads: 2, size: 32, rate: 0.1 },
  { lengths: [], sequence: 3, heads: 2, size: 4, rate: 0.1 },
  { lengths: [70, 129, 1], sequence: 129, heads: 2, size: 9, rate: 0.5 },
  ...[1, 30, 100, 1000, 1e4].flatMap((unit) =>
    [0, 0.3].map((rate) => ({ lengths: [3, 17], sequence: 17, heads: 2, size: 4, rate, unit })),
  ),
];

const named = ({ lengths, sequence, heads, size, rate, unit }: AttentionSizes) =>
  `lengths [${lengths.join(', ')}] of ${sequence}, ${heads} heads of ${size}, dropout ${rate}${unit === undefined ? '' : `, multiples of ${unit}`}`;

const projectionsOf = (unit: number | undefined, shape: readonly number[]) =>
  unit === undefined ? between(shape) : multiplesOf(unit, shape);

const drawn = ({ lengths, sequence, heads, size, unit }: AttentionSizes) => ({
  projections: projectionsOf(unit, [lengths.length * sequence, 3 * heads * size]),
  mask: maskOf(lengths, sequence),
  key: keyOf(9, 4),
});

export function attentionAt(sizes: AttentionSizes): OperationCase[] {
  const { lengths, heads, rate } = sizes;
  const apply = (projections: Value, mask: Value, key: Value) =>
    attention(projections, mask, { heads, rate, key: newKey(key) });
  return [
    {
      op: 'attention',
      name: named(sizes),
      inputs: drawn(sizes),
      build: ({ projections, mask, key }) => {
        const context = apply(projections!, mask!, key!);
        // The log-sum-exp over no key at all is each backend's own affair.
        return lengths.includes(0) ? [context] : context.node.outputs;
      },
    },
    {
      op: 'attentionGradient',
      name: named(sizes),
      inputs: {
        ...drawn(sizes),
        dcontext: between([lengths.length * sizes.sequence, heads * sizes.size]),
      },
      build: ({ projections, mask, key, dcontext }) => {
        const { node } = apply(projections!, mask!, key!);
        const { threshold, stream } = node.attributes as { threshold: number; stream: number };
        return [
          attentionGradient([projections!, mask!, key!, node.outputs[1]!, dcontext!], {
            heads,
            threshold,
            stream,
          }),
        ];
      },
    },
  ];
}

export const attentionCases: readonly OperationCase[] = SIZES.flatMap(attentionAt);
