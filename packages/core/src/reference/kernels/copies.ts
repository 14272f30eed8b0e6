import type { ReferenceKernel } from '../kernel.js';

export const copyToHost: ReferenceKernel = {
  op: 'copyToHost',
  run({ inputs: [x], outputs: [y] }) {
    y!.data.set(x!.data);
  },
};

export const copyFromHost: ReferenceKernel = {
  op: 'copyFromHost',
  run({ inputs: [x], outputs: [y] }) {
    y!.data.set(x!.data);
  },
};
