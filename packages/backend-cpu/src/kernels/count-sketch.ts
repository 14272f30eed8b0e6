import { blockCount, type Node } from '@sketchgrad/core';
import type { Kernel } from './kernel.js';

type Attributes = {
  readonly rows: number;
  readonly stream: number;
  readonly balanced: boolean;
  readonly blockRows: number | undefined;
};

/** Bytes of four Threefry blocks, the least that is drawn at once. */
export const GROUP_BYTES = 32;

/** Groups that hold a sign bit, or a word, for each row of x. */
const groups = ({ inputs, attributes }: Node): number => {
  const bytes = (inputs[0]!.shape[0]! * ((attributes as Attributes).balanced ? 1 : 32)) / 8;
  return Math.ceil(bytes / GROUP_BYTES);
};

const drawnBytes = (node: Node): number => Math.ceil((groups(node) * GROUP_BYTES) / 64) * 64;

/** Each thread draws all signs for itself, which costs less than waiting for another to. */
export const countSketch: Kernel = {
  op: 'countSketch',
  scratchBytes: (node, threads) => drawnBytes(node) * threads,
  lower: (node, context) => {
    const { rows, stream, balanced, blockRows } = node.attributes as Attributes;
    const [x, key, order] = node.inputs;
    const [n, features] = x!.shape as [number, number];
    if (features === 0) return [];
    const blocks = blockCount(n, rows, blockRows);
    const kernel = balanced ? 'countBalanced' : 'countHashed';
    const orderAt = order ? context.address(order) : 0;
    const sizes = [n, rows, features, blocks];
    const checks = { checks: { what: 'index', address: orderAt, limit: n } };
    return [
      (thread) => {
        const drawn = n === 0 ? 0 : context.scratch(node) + thread * drawnBytes(node);
        const addresses = [context.address(x!), orderAt, drawn, context.address(node.outputs[0]!)];
        const draw = [drawn, context.address(key!), stream, 0, groups(node)];
        return [
          { kernel: 'threefryBlocks', arguments: draw },
          {
            kernel,
            arguments: [thread, context.threads, ...addresses, ...sizes],
            ...(order ? checks : {}),
          },
        ];
      },
    ];
  },
};
