import { elements, type TensorType } from '@sketchgrad/core';
import type { Terms } from '../kernels/reduce/terms.js';
import type { Lowering, NodeOf } from '../lowering.js';
import { type Extent, reduced, reductionScratch } from './reduction.js';

/** An op that is one reduction of its input. */
// biome-ignore lint/suspicious/noExplicitAny: each op's attributes are its own
const reducing = (op: string, terms: Terms, extent: (node: NodeOf<any>) => Extent): Lowering => ({
  op,
  scratch: (node, abilities) => reductionScratch(extent(node), abilities),
  lower: (node, context) =>
    reduced({ ...extent(node), terms, a: node.inputs[0], y: node.outputs[0] }, context),
});

const sizes = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1);

export const sum = reducing('sum', 'values', ({ inputs: [x], attributes: { axis } }) => ({
  outer: sizes(x!.shape.slice(0, axis)),
  size: x!.shape[axis]!,
  inner: sizes(x!.shape.slice(axis + 1)),
}));

export const rowSquaredNorms = reducing('rowSquaredNorms', 'squares', ({ inputs: [x] }) => ({
  outer: x!.shape[0]!,
  size: x!.shape[1]!,
  inner: 1,
}));

export const squaredNorm = reducing('squaredNorm', 'squares', ({ inputs: [x] }) => ({
  outer: 1,
  size: elements(x as TensorType),
  inner: 1,
}));
