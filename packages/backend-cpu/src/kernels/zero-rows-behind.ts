import { type Kernel, onEveryThread } from './kernel.js';
import { startsCheck } from './sequences.js';

export const zeroRowsBehind: Kernel = {
  op: 'zeroRowsBehind',
  lower: (node, context) => {
    const [x, starts] = node.inputs;
    const [rows, features] = x!.shape as [number, number];
    const values = [x!, starts!, node.outputs[0]!].map((value) => context.address(value));
    const args = [...values, rows, starts!.shape[0]! - 1, features];
    const checks = startsCheck(context.address(starts!), rows);
    return [onEveryThread(context, 'zeroRowsBehind', args, checks)];
  },
};
