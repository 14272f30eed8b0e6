import { elements, type Node, type Value } from '@sketchgrad/core';
import { type Kernel, type LoweringContext, onEveryThread, type Phase } from './kernel.js';

/** Elements that one partial sum covers, as in the kernels; the result is then any thread count's. */
export const BLOCK = 4096;

const blocks = (x: Value): number => Math.ceil(elements(x) / BLOCK);

const partialBytes = (x: Value): number => blocks(x) * Float64Array.BYTES_PER_ELEMENT;

/** A sum over all of x, block by block in the scratch memory, then over the blocks. */
function total(node: Node, context: LoweringContext, kernel: string): Phase[] {
  const x = node.inputs[0]!;
  const output = context.address(node.outputs[0]!);
  if (blocks(x) === 0) return [onEveryThread(context, 'clear', [output, 1])];
  const partials = context.scratch(node);
  return [
    onEveryThread(context, kernel, [context.address(x), partials, elements(x)]),
    onEveryThread(context, 'addBlocks', [partials, output, blocks(x)]),
  ];
}

export const squaredNorm: Kernel = {
  op: 'squaredNorm',
  scratchBytes: (node) => partialBytes(node.inputs[0]!),
  lower: (node, context) => total(node, context, 'squareBlocks'),
};

export const rowSquaredNorms: Kernel = {
  op: 'rowSquaredNorms',
  lower: ({ inputs: [x], outputs: [y] }, context) => {
    const [rows, features] = x!.shape as [number, number];
    const addresses = [context.address(x!), context.address(y!)];
    return [onEveryThread(context, 'squareRows', [...addresses, rows, features])];
  },
};

const isTotal = (node: Node): boolean => elements(node.outputs[0]!) === 1;

export const sum: Kernel = {
  op: 'sum',
  scratchBytes: (node) => (isTotal(node) ? partialBytes(node.inputs[0]!) : 0),
  lower: (node, context) => {
    if (isTotal(node)) return total(node, context, 'sumBlocks');
    const [x] = node.inputs;
    const axis = node.attributes.axis as number;
    const count = x!.shape.at(axis)!;
    const at = axis < 0 ? axis + x!.shape.length : axis;
    const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);
    const outer = product(x!.shape.slice(0, at));
    const inner = product(x!.shape.slice(at + 1));
    const addresses = [context.address(x!), context.address(node.outputs[0]!)];
    return inner === 1
      ? [onEveryThread(context, 'sumRows', [...addresses, outer, count])]
      : [onEveryThread(context, 'sumMiddle', [...addresses, outer, count, inner])];
  },
};
