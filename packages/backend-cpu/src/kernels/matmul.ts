import type { Node, Value } from '@sketchgrad/core';
import { matmulSizes } from '@sketchgrad/core';
import { partialSumBytes, shareProduct } from './gemm.js';
import type { Kernel, LoweringContext, MatrixAt } from './kernel.js';

type Attributes = { readonly transposeA: boolean; readonly transposeB: boolean };

/** A value of rank 2 where it lies. */
export const matrixAt = (value: Value, context: LoweringContext): MatrixAt => ({
  address: context.address(value),
  rows: value.shape[0]!,
  columns: value.shape[1]!,
});

/** Both transposed is rare and small: one thread does it, without partial sums. */
function scratchBytes(node: Node, threads: number): number {
  const attributes = node.attributes as Attributes;
  if (!attributes.transposeA || attributes.transposeB) return 0;
  return partialSumBytes(...matmulSizes(node.inputs, attributes), threads);
}

export const matmul: Kernel = {
  op: 'matmul',
  scratchBytes,
  lower: (node, context) => {
    const { transposeA, transposeB } = node.attributes as Attributes;
    const [a, b] = node.inputs.map((value) => matrixAt(value, context));
    const c = matrixAt(node.outputs[0]!, context);
    return shareProduct({ a: a!, b: b!, c, transposeA, transposeB }, context, () =>
      context.scratch(node),
    );
  },
};
