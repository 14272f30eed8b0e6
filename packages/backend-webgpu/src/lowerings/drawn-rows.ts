import { refusedWeight } from '@sketchgrad/core/backend';
import * as sampled from '../kernels/drawn-rows/sample-rows.js';
import * as uniform from '../kernels/drawn-rows/uniform-rows.js';
import * as winning from '../kernels/drawn-rows/winner-rows.js';
import * as ranked from '../kernels/rank-rows/kernel.js';
import { type Check, dispatch, type Lowering, type NodeOf, overElements } from '../lowering.js';

type Attributes = { readonly count: number; readonly stream: number };

const checkedWeights = (node: NodeOf<Attributes>): Check => {
  const [weights] = node.inputs;
  const refuse = refusedWeight(node);
  return { check: 'weights', of: weights!, count: weights!.shape[0]!, limits: [], refuse };
};

/** Sums of 64 bits of none and of the first of so many rows. */
const sumBytes = (rows: number): number => 8 * (rows + 1);

export const sampleRows: Lowering<Attributes> = {
  op: 'sampleRows',
  scratch: ({ inputs: [weights] }) => [sumBytes(weights!.shape[0]!)],
  lower(node, { scratch: [sums] }) {
    const { inputs, outputs, attributes } = node;
    const [weights, key] = inputs;
    const [indices, factors] = outputs;
    const { count: draws, stream } = attributes;
    return [
      checkedWeights(node),
      dispatch(sampled.sampleRows, {
        operands: { weights, key, sums, indices, factors },
        uniforms: { stream, rows: weights!.shape[0]!, draws },
        groups: 1,
      }),
    ];
  },
};

export const winnerRows: Lowering<Attributes> = {
  op: 'winnerRows',
  scratch: ({ inputs: [weights] }) => [4 * weights!.shape[0]!, sumBytes(weights!.shape[0]!)],
  lower(node, { scratch: [order, sums] }) {
    const { inputs, outputs, attributes } = node;
    const [weights, key] = inputs;
    const [indices, factors, others] = outputs;
    const rows = weights!.shape[0]!;
    return [
      checkedWeights(node),
      overElements(ranked.rankRows, rows, {
        operands: { priorities: weights, ranks: order },
        uniforms: { inverse: 1 },
      }),
      dispatch(winning.winnerRows, {
        operands: { weights, order, key, sums, indices, factors, others },
        uniforms: { stream: attributes.stream, rows, places: attributes.count },
        groups: 1,
      }),
    ];
  },
};

export const uniformRows: Lowering<
  Attributes & { readonly rows: number; readonly replacement: boolean }
> = {
  op: 'uniformRows',
  scratch: ({ attributes: { rows, replacement } }) => [replacement ? 0 : 4 * rows],
  lower: ({ inputs: [key], outputs: [indices], attributes }, { scratch: [every] }) => {
    const { rows, count: draws, replacement, stream } = attributes;
    return [
      dispatch(uniform.uniformRows, {
        operands: { key, every, indices },
        uniforms: { stream, rows, draws, replacement: Number(replacement) },
        groups: 1,
      }),
    ];
  },
};
