import { elements, type Node, type Value } from '@sketchgrad/core';
import { type Kernel, type LoweringContext, onEveryThread } from './kernel.js';
import { type UsedRows, usedRows } from './sequences.js';

/** Elements that one partial sum covers, as in the kernel. */
export const BLOCK = 4096;

const blocks = (node: Node): number => Math.ceil(elements(node.inputs[0]!) / BLOCK);

/** By the rows of logits that are somebody's: `arguments` tell the entries of a row besides. */
function usedEntries(
  logits: Value,
  starts: Value | undefined,
  context: LoweringContext,
): Omit<UsedRows, 'arguments'> & { readonly arguments: readonly number[] } {
  const rows = logits.shape[0] ?? 1;
  const used = usedRows(starts, context, rows, 1);
  return { ...used, arguments: [...used.arguments, elements(logits) / rows] };
}

export const binaryCrossEntropy: Kernel = {
  op: 'binaryCrossEntropy',
  scratchBytes: (node) => blocks(node) * Float64Array.BYTES_PER_ELEMENT,
  lower: (node, context) => {
    const [logits, targets, starts] = node.inputs;
    const partials = context.scratch(node);
    const used = usedEntries(logits!, starts, context);
    const sizes = [elements(logits!), ...used.arguments];
    const sums = [context.address(logits!), context.address(targets!), partials, ...sizes];
    const mean = [partials, context.address(node.outputs[0]!), ...sizes];
    return [
      ...used.checked,
      onEveryThread(context, 'binaryCrossEntropyBlocks', sums),
      onEveryThread(context, 'meanOfBlocks', mean),
    ];
  },
};

export const binaryCrossEntropyGradient: Kernel = {
  op: 'binaryCrossEntropyGradient',
  lower: (node, context) => {
    const [logits, targets, dloss, starts] = node.inputs;
    const addresses = [logits!, targets!, dloss!, node.outputs[0]!].map((value) =>
      context.address(value),
    );
    const used = usedEntries(logits!, starts, context);
    const args = [...addresses, elements(logits!), ...used.arguments];
    return [...used.checked, onEveryThread(context, 'binaryCrossEntropyGradient', args)];
  },
};
