import type { Node } from '@sketchgrad/core';
import type { Kernel } from './kernel.js';

type Attributes = { readonly rows: number; readonly segments: number; readonly stream: number };

/** Words come in groups of four Threefry blocks. */
export const GROUP_WORDS = 8;

const groups = ({ attributes }: Node): number => {
  const { rows, segments } = attributes as Attributes;
  return Math.ceil((rows * segments) / GROUP_WORDS);
};

/** One thread draws all words and shuffles: each exchange waits for the one before it. */
export const permutation: Kernel = {
  op: 'permutation',
  scratchBytes: (node) => groups(node) * GROUP_WORDS * 4,
  lower: (node, context) => {
    const { rows, segments, stream } = node.attributes as Attributes;
    if (rows === 0) return [];
    const words = context.scratch(node);
    const key = context.address(node.inputs[0]!);
    const order = context.address(node.outputs[0]!);
    const steps = [
      { kernel: 'threefryBlocks', arguments: [words, key, stream, 0, groups(node)] },
      { kernel: 'shuffle', arguments: [order, words, rows, segments] },
    ];
    return [(thread) => (thread === 0 ? steps : [])];
  },
};
