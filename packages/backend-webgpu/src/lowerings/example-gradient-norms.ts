import { rowProducts, sequenceSums } from '../kernels/example-gradient-norms/kernel.js';
import { type Lowering, overElements } from '../lowering.js';
import { overRows } from '../row-kernel.js';
import { checkedStarts } from './used-rows.js';

export const exampleGradientNorms: Lowering = {
  op: 'exampleGradientNorms',
  scratch: ({ inputs: [x] }) => [4 * x!.shape[0]!],
  lower(node, { abilities, scratch: [products] }) {
    const [x, y, starts] = node.inputs;
    const [norms] = node.outputs;
    const [rows, inputs] = x!.shape as [number, number];
    const outputs = y!.shape[1]!;
    const examples = norms!.shape[0]!;
    return [
      ...checkedStarts(node, starts, rows),
      overRows(rowProducts, rows, {
        abilities,
        operands: { x, y, starts, products },
        uniforms: { rows, examples, inputs, outputs },
      }),
      overElements(sequenceSums, examples, {
        operands: { x: products, starts, sums: norms },
        uniforms: { rows },
      }),
    ];
  },
};
