import { type Kernel, onEveryThread } from './kernel.js';
import { startsCheck } from './sequences.js';

export const exampleGradientNorms: Kernel = {
  op: 'exampleGradientNorms',
  lower: (node, context) => {
    const [x, y, starts] = node.inputs;
    const [rows, inputs] = x!.shape as [number, number];
    const values = [...node.inputs, node.outputs[0]!].map((value) => context.address(value));
    const args = [...values, rows, starts!.shape[0]! - 1, inputs, y!.shape[1]!];
    const checks = startsCheck(context.address(starts!), rows);
    return [onEveryThread(context, 'exampleGradientNorms', args, checks)];
  },
};
