import { elements, type Value } from '@sketchgrad/core';
import { refusedIndex } from '@sketchgrad/core/backend';
import * as kernels from '../kernels/cross-entropy/kernel.js';
import { type Check, type Lowering, type NodeOf, overElements } from '../lowering.js';
import { overRows } from '../row-kernel.js';
import { reduced, reductionScratch } from './reduction.js';
import { checkedStarts, usedBy, usedUniforms } from './used-rows.js';

/** Labels of rows that are somebody's, and where those end. */
function checks(
  node: NodeOf<Readonly<Record<string, unknown>>>,
  scores: Value,
  labels: Value,
  starts: Value | undefined,
): readonly Check[] {
  const [rows, classes] = scores.shape as [number, number];
  const used = usedBy(starts);
  return [
    ...checkedStarts(node, starts, rows, { least: 1 }),
    {
      ...{ check: 'indices', of: labels, count: rows, limits: [classes] },
      ...(used ? { used } : {}),
      refuse: refusedIndex(node, 'label', classes),
    },
  ];
}

export const crossEntropy: Lowering = {
  op: 'crossEntropy',
  scratch({ inputs: [logits] }, abilities) {
    const [rows] = logits!.shape as [number];
    return [4 * rows, 4, ...reductionScratch({ outer: 1, size: rows, inner: 1 }, abilities)];
  },
  lower(node, { abilities, scratch: [losses, total, ...pieces] }) {
    const { inputs, outputs } = node;
    const [logits, labels, starts] = inputs;
    const [loss, probabilities] = outputs;
    const [rows, classes] = logits!.shape as [number, number];
    const used = usedUniforms(rows, starts);
    return [
      ...checks(node, logits!, labels!, starts),
      overRows(kernels.crossEntropy, rows, {
        abilities,
        operands: { logits, labels, starts, probabilities, losses },
        uniforms: { classes, ...used },
      }),
      ...reduced(
        { terms: 'values', a: losses, y: total, outer: 1, size: rows, inner: 1 },
        { abilities, scratch: pieces },
      ),
      overElements(kernels.meanOfUsed, 1, {
        operands: { total, starts, loss },
        uniforms: { each: 1, ...used },
      }),
    ];
  },
};

export const crossEntropyGradient: Lowering = {
  op: 'crossEntropyGradient',
  lower(node) {
    const { inputs, outputs } = node;
    const [probabilities, labels, dloss, starts] = inputs;
    const [dlogits] = outputs;
    const [rows, classes] = probabilities!.shape as [number, number];
    return [
      ...checks(node, probabilities!, labels!, starts),
      overElements(kernels.crossEntropyGradient, elements(dlogits!), {
        operands: { probabilities, labels, dloss, starts, dlogits },
        uniforms: { classes, ...usedUniforms(rows, starts) },
      }),
    ];
  },
};
