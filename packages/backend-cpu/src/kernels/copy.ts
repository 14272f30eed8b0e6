import { byteLength, type Node } from '@sketchgrad/core';
import { type CopyCall, type Kernel, type LoweringContext, part } from './kernel.js';

/** Bytes of a cache line: no line has two writers. */
export const LINE = 64;

/** Each thread copies a range of the tensor. */
const copy = (
  op: string,
  direction: CopyCall['direction'],
  places: (node: Node, context: LoweringContext) => readonly [address: number, hostOffset: number],
): Kernel => ({
  op,
  lower: (node, context) => {
    const [address, hostOffset] = places(node, context);
    const total = byteLength(node.outputs[0]!);
    return [
      (thread) => {
        const [first, end] = part(Math.ceil(total / LINE), thread, context.threads);
        const begin = first * LINE;
        const bytes = Math.min(end * LINE, total) - begin;
        if (bytes <= 0) return [];
        return [{ direction, address: address + begin, hostOffset: hostOffset + begin, bytes }];
      },
    ];
  },
});

export const copyToHost = copy('copyToHost', 'toHost', (node, context) => [
  context.address(node.inputs[0]!),
  context.hostOffset(node.outputs[0]!),
]);

export const copyFromHost = copy('copyFromHost', 'fromHost', (node, context) => [
  context.address(node.outputs[0]!),
  context.hostOffset(node.inputs[0]!),
]);
