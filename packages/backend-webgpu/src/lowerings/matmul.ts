import { matmulSizes } from '@sketchgrad/core';
import type { Lowering, NodeOf } from '../lowering.js';
import { type ProductSizes, product, productScratch } from './product.js';

type Attributes = { readonly transposeA: boolean; readonly transposeB: boolean };

function sizesOf({ inputs, attributes }: NodeOf<Attributes>): ProductSizes {
  const [m, k, n] = matmulSizes(inputs, attributes);
  return { m, n, k, ...attributes };
}

export const matmul: Lowering<Attributes> = {
  op: 'matmul',
  scratch: (node, abilities) => productScratch(sizesOf(node), abilities),
  lower(node, context) {
    const [a, b] = node.inputs;
    return product({ a, b, y: node.outputs[0], ...sizesOf(node) }, context);
  },
};

const linearSizes = ({ inputs: [x, w] }: Pick<NodeOf<never>, 'inputs'>): ProductSizes => ({
  m: x!.shape[0]!,
  n: w!.shape[0]!,
  k: x!.shape[1]!,
  transposeB: true,
});

export const linear: Lowering = {
  op: 'linear',
  scratch: (node, abilities) => productScratch(linearSizes(node), abilities),
  lower(node, context) {
    const [x, w, bias] = node.inputs;
    return product({ a: x, b: w, bias, y: node.outputs[0], ...linearSizes(node) }, context);
  },
};
