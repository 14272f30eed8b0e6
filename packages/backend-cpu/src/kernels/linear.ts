import { shareProduct } from './gemm.js';
import type { Kernel } from './kernel.js';
import { matrixAt } from './matmul.js';

export const linear: Kernel = {
  op: 'linear',
  lower: (node, context) => {
    const [x, w, b] = node.inputs;
    const product = {
      a: matrixAt(x!, context),
      b: matrixAt(w!, context),
      c: matrixAt(node.outputs[0]!, context),
      transposeA: false,
      transposeB: true,
      ...(b ? { bias: context.address(b) } : {}),
    };
    return shareProduct(product, context, () => context.scratch(node));
  },
};
