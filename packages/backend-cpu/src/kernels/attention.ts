import { type AttentionAttributes, attentionSizes, type Node } from '@sketchgrad/core';
import { type Kernel, type LoweringContext, onEveryThread } from './kernel.js';

const roundUp = (count: number, to: number): number => Math.ceil(count / to) * to;

/**
 * Sizes of one head's work, as assembly/attention lays it out: sequences padded to 8 and head sizes
 * to 4, so that the inner loops have no tails.
 */
function workSizes(node: Node) {
  const sizes = attentionSizes(node.inputs, node.attributes as AttentionAttributes);
  const keys = roundUp(sizes.sequence, 8);
  const width = roundUp(sizes.size, 4);
  return { ...sizes, keys, width };
}

/** Floats that one thread needs at a time, rounded to a cache line. */
const forwardFloats = ({ keys, width }: ReturnType<typeof workSizes>) =>
  // Qᵢ · 4 rows, Kᵀ, V, mask, S · 4 rows, O · 4 rows, dropout's bits
  roundUp(4 * width + 2 * keys * width + keys + 4 * keys + 4 * width + keys + 64, 16);

const backwardFloats = ({ keys, width }: ReturnType<typeof workSizes>) =>
  // Q, K, V and dO as rows, Kᵀ and Vᵀ, mask, dS and P for all rows, a product, dropout's bits
  roundUp(6 * keys * width + keys + 2 * keys * keys + keys * width + keys + 64, 16);

function settings(node: Node, context: LoweringContext): number[] {
  const { threshold, stream } = node.attributes as AttentionAttributes;
  const { batch, sequence, features, heads, size } = workSizes(node);
  return [batch, sequence, features, heads, size, threshold, stream, context.scratch(node)];
}

export const attention: Kernel = {
  op: 'attention',
  scratchBytes: (node, threads) => threads * forwardFloats(workSizes(node)) * 4,
  lower: (node, context) => {
    const tensors = [...node.inputs, ...node.outputs].map((value) => context.address(value));
    const each = forwardFloats(workSizes(node)) * 4;
    return [onEveryThread(context, 'attention', [...tensors, ...settings(node, context), each])];
  },
};

export const attentionGradient: Kernel = {
  op: 'attentionGradient',
  scratchBytes: (node, threads) => threads * backwardFloats(workSizes(node)) * 4,
  lower: (node, context) => {
    const tensors = [...node.inputs, ...node.outputs].map((value) => context.address(value));
    const each = backwardFloats(workSizes(node)) * 4;
    return [
      onEveryThread(context, 'attentionGradient', [...tensors, ...settings(node, context), each]),
    ];
  },
};
