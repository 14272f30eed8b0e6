import type { ReferenceKernel } from '../kernel.js';

export const clear: ReferenceKernel = {
  op: 'clear',
  run({ outputs: [x] }) {
    x!.data.fill(0);
  },
};
