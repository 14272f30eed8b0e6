import { checkStarts } from '@sketchgrad/core/backend';
import { bytesOf, type Lowering } from '../lowering.js';
import { firstRows, withZerosBehind } from './used-rows.js';

export const zeroRowsBehind: Lowering = {
  op: 'zeroRowsBehind',
  scratchBytes: ({ inputs: [x] }) => bytesOf(x!),
  lower([x, starts], node, context) {
    const { tf, read } = context;
    const [all] = x!.shape as [number];
    const data = read(starts!);
    checkStarts(node, data, all);
    const rows = data.at(-1)!;
    if (rows === all) return [tf.clone(x!)];
    if (rows === 0 || x!.size === 0) return [tf.zeros(x!.shape)];
    return [withZerosBehind(firstRows(x!, rows, context), all, context)];
  },
};
