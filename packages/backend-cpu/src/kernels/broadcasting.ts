import { ELEMENT_BYTES } from '@sketchgrad/core';
import { broadcastParts, collapse } from './broadcast.js';
import type { Kernel, Phase } from './kernel.js';

/** An op whose inputs broadcast to its output; the kernel of the op's name walks four axes. */
const broadcasting = (op: string): Kernel => ({
  op,
  lower: (node, context) => {
    const output = node.outputs[0]!;
    const parts = broadcastParts(
      collapse(
        output.shape,
        node.inputs.map(({ shape }) => shape),
      ),
    );
    const calls = parts.map(({ sizes, strides, operandOffsets, outputOffset }) => [
      ...node.inputs.map((value, i) => context.address(value) + operandOffsets[i]! * ELEMENT_BYTES),
      context.address(output) + outputOffset * ELEMENT_BYTES,
      ...sizes,
      ...strides.flat(),
    ]);
    const phase: Phase = (thread) =>
      calls.map((args) => ({ kernel: op, arguments: [thread, context.threads, ...args] }));
    return calls.length === 0 ? [] : [phase];
  },
});

export const add = broadcasting('add');
export const subtract = broadcasting('subtract');
export const multiply = broadcasting('multiply');
export const divide = broadcasting('divide');
export const broadcastTo = broadcasting('broadcastTo');
