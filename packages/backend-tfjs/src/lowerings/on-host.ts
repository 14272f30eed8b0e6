import { elements } from '@sketchgrad/core';
import { type KernelCall, referenceKernels } from '@sketchgrad/core/reference';
import type { Lowering } from '../lowering.js';

/**
 * An op of few numbers, drawn or ordered one after the other: the reference's own kernel works on them
 * here, and what it gives is uploaded.
 */
export const onHost = (op: string): Lowering => ({
  op,
  lower(inputs, node, { read, upload }) {
    const given = inputs.map((tensor) => ({ shape: tensor.shape, data: read(tensor) }));
    const made = node.outputs.map((value) => ({
      shape: value.shape,
      data: new (value.dtype === 'i32' ? Int32Array : Float32Array)(elements(value)),
    }));
    const { attributes } = node;
    referenceKernels.get(op)!.run({ node, attributes, inputs: given, outputs: made } as KernelCall);
    return made.map(({ data, shape }) => upload(data, shape));
  },
});
