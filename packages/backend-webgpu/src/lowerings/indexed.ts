import { elements, type Value } from '@sketchgrad/core';
import { refusedIndex } from '@sketchgrad/core/backend';
import * as kernels from '../kernels/indexed/kernel.js';
import { type Check, type Lowering, type NodeOf, overElements } from '../lowering.js';
import { zeros } from './element-wise.js';

/** So many of the indices are within a table's rows. */
export const checkedIndices = (
  node: NodeOf<Readonly<Record<string, unknown>>>,
  indices: Value,
  { what = 'index', count, limit }: { what?: string; count: number; limit: number },
): Check => ({
  ...{ check: 'indices', of: indices, count, limits: [limit] },
  refuse: refusedIndex(node, what, limit),
});

export const gather: Lowering = {
  op: 'gather',
  lower(node) {
    const { inputs, outputs } = node;
    const [table, indices] = inputs;
    const [y] = outputs;
    const [rows, features] = table!.shape as [number, number];
    return [
      checkedIndices(node, indices!, { count: y!.shape[0]!, limit: rows }),
      overElements(kernels.gather, elements(y!), {
        operands: { table, indices, y },
        uniforms: { rows, features },
      }),
    ];
  },
};

export const scatterAdd: Lowering = {
  op: 'scatterAdd',
  scratch: ({ inputs: [x] }) => [4 * x!.shape[0]!, 4 * x!.shape[0]!],
  lower(node, { scratch: [next, first] }) {
    const { inputs, outputs } = node;
    const [x, indices] = inputs;
    const [y] = outputs;
    const [rows, features] = y!.shape as [number, number];
    const count = x!.shape[0]!;
    return [
      checkedIndices(node, indices!, { count, limit: rows }),
      zeros(y!),
      overElements(kernels.chains, count, { operands: { indices, next, first }, uniforms: {} }),
      overElements(kernels.sumChains, elements(x!), {
        operands: { x, indices, next, first, y },
        uniforms: { rows, features },
      }),
    ];
  },
};
