import { ELEMENT_BYTES, type Node } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';

/** Rows that one partial result covers, as in the kernels; the result is then any thread count's. */
export const BLOCK = 256;

const alignedFloats = (count: number): number => Math.ceil(count / 16) * 16;

/** Two vectors for each block of rows. */
function scratchBytes(node: Node): number {
  const [rows, features] = node.inputs[0]!.shape as [number, number];
  return Math.ceil(rows / BLOCK) * 2 * alignedFloats(features) * ELEMENT_BYTES;
}

export const batchNormalize: Kernel = {
  op: 'batchNormalize',
  scratchBytes,
  lower: (node, context) => {
    const x = context.address(node.inputs[0]!);
    const [y, inverse, mean, variance] = node.outputs.map((value) => context.address(value));
    const sizes = node.inputs[0]!.shape as [number, number];
    if (sizes[1] === 0) return [];
    const partials = context.scratch(node);
    const { epsilon } = node.attributes as { readonly epsilon: number };
    const combined = [x, partials, inverse!, mean!, variance!, ...sizes, epsilon];
    return [
      onEveryThread(context, 'columnStatistics', [x, partials, ...sizes]),
      onEveryThread(context, 'combineStatistics', combined),
      onEveryThread(context, 'normalizeColumns', [x, mean!, inverse!, y!, ...sizes]),
    ];
  },
};

/** The combined sums go where the first block's were. */
export const batchNormalizeGradient: Kernel = {
  op: 'batchNormalizeGradient',
  scratchBytes,
  lower: (node, context) => {
    const [y, inverse, dy] = node.inputs.map((value) => context.address(value));
    const dx = context.address(node.outputs[0]!);
    const sizes = node.inputs[0]!.shape as [number, number];
    if (sizes[0] * sizes[1] === 0) return [];
    const partials = context.scratch(node);
    return [
      onEveryThread(context, 'columnProjections', [y!, dy!, partials, ...sizes]),
      onEveryThread(context, 'combineProjections', [y!, dy!, partials, ...sizes]),
      onEveryThread(context, 'projectColumns', [y!, inverse!, dy!, partials, dx, ...sizes]),
    ];
  },
};
