import { ELEMENT_BYTES, type Node } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';
import { usedRows } from './sequences.js';

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
    const used = usedRows(node.inputs[1], context, sizes[0], 2);
    const summed = [x, partials, ...sizes, ...used.arguments];
    const statistics = [inverse!, mean!, variance!];
    const combined = [x, partials, ...statistics, ...sizes, epsilon, ...used.arguments];
    const normalized = [x, mean!, inverse!, y!, ...sizes, ...used.arguments];
    return [
      ...used.checked,
      onEveryThread(context, 'columnStatistics', summed),
      onEveryThread(context, 'combineStatistics', combined),
      onEveryThread(context, 'normalizeColumns', normalized),
    ];
  },
};

/** The combined sums go where the first block's were. */
export const batchNormalizeGradient: Kernel = {
  op: 'batchNormalizeGradient',
  scratchBytes,
  lower: (node, context) => {
    const [y, inverse, dy] = node.inputs.slice(0, 3).map((value) => context.address(value));
    const dx = context.address(node.outputs[0]!);
    const sizes = node.inputs[0]!.shape as [number, number];
    if (sizes[0] * sizes[1] === 0) return [];
    const partials = context.scratch(node);
    const used = usedRows(node.inputs[3], context, sizes[0], 2);
    const summed = [y!, dy!, partials, ...sizes, ...used.arguments];
    const projected = [y!, inverse!, dy!, partials, dx, ...sizes, ...used.arguments];
    return [
      ...used.checked,
      onEveryThread(context, 'columnProjections', summed),
      onEveryThread(context, 'combineProjections', summed),
      onEveryThread(context, 'projectColumns', projected),
    ];
  },
};
