import { BackendError } from '@sketchgrad/core';
import * as kernels from '../kernels/rank-rows/kernel.js';
import { type Lowering, overElements } from '../lowering.js';

export const rankRows: Lowering = {
  op: 'rankRows',
  lower({ inputs: [priorities], outputs: [ranks], scope }) {
    const rows = priorities!.shape[0]!;
    const place = scope ? ` in ${scope}` : '';
    return [
      {
        ...{ check: 'numbers', of: priorities!, count: rows, limits: [] },
        refuse: (position) =>
          new BackendError(
            `rankRows${place}: priority NaN at position ${position} is not a number`,
          ),
      },
      overElements(kernels.rankRows, rows, {
        operands: { priorities, ranks },
        uniforms: { inverse: 0 },
      }),
    ];
  },
};
