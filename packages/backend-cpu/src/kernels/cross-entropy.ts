import { ELEMENT_BYTES } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';
import { usedRows } from './sequences.js';

export const crossEntropy: Kernel = {
  op: 'crossEntropy',
  scratchBytes: (node) => node.inputs[0]!.shape[0]! * ELEMENT_BYTES,
  lower: (node, context) => {
    const [logits, labels, starts] = node.inputs;
    const [loss, probabilities] = node.outputs;
    const [rows, classes] = logits!.shape as [number, number];
    const losses = rows === 0 ? 0 : context.scratch(node);
    const addresses = [logits!, labels!, probabilities!].map((value) => context.address(value));
    const checks = { what: 'label', address: addresses[1]!, limit: classes };
    const used = usedRows(starts, context, rows, 1);
    const args = [...addresses, losses, rows, classes, ...used.arguments];
    const mean = [losses, context.address(loss!), rows, ...used.arguments];
    return [
      ...used.checked,
      onEveryThread(context, 'crossEntropy', args, checks),
      onEveryThread(context, 'mean', mean),
    ];
  },
};

export const crossEntropyGradient: Kernel = {
  op: 'crossEntropyGradient',
  lower: (node, context) => {
    const [rows, classes] = node.inputs[0]!.shape as [number, number];
    const [probabilities, labels, dloss, starts] = node.inputs;
    const addresses = [probabilities!, labels!, dloss!, node.outputs[0]!].map((value) =>
      context.address(value),
    );
    const checks = { what: 'label', address: addresses[1]!, limit: classes };
    const used = usedRows(starts, context, rows, 1);
    const args = [...addresses, rows, classes, ...used.arguments];
    return [...used.checked, onEveryThread(context, 'crossEntropyGradient', args, checks)];
  },
};
