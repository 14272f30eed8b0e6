import { BackendError } from '../../errors.js';
import { ranksOf } from '../../quantization/ranking.js';
import type { ReferenceKernel } from '../kernel.js';

export const rankRows: ReferenceKernel = {
  op: 'rankRows',
  run({ node, inputs: [priorities], outputs: [ranks] }) {
    const at = priorities!.data.findIndex((priority: number) => Number.isNaN(priority));
    if (at >= 0) {
      const place = node.scope ? ` in ${node.scope}` : '';
      throw new BackendError(`rankRows${place}: priority NaN at position ${at} is not a number`);
    }
    ranks!.data.set(ranksOf(priorities!.data));
  },
};
