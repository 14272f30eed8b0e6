import { elements, type Value } from '@sketchgrad/core';
import * as kernels from '../kernels/attention/pooling.js';
import { zeroRowsBehind } from '../kernels/rows/kernel.js';
import { dispatch, type Lowering, type NodeOf, overElements } from '../lowering.js';
import { type AttentionAttributes, attentionSizes } from './attention-sizes.js';
import { unaryOver } from './element-wise.js';
import { usedUniforms } from './used-rows.js';

function sizesOf(node: NodeOf<AttentionAttributes>) {
  const [queries, keysValues, starts] = node.inputs as [Value, Value, Value];
  const [examples, features] = queries.shape as [number, number];
  const [rows] = keysValues.shape as [number];
  const drawn = node.attributes.heads * rows;
  return { rows, examples, ...attentionSizes(node, { rows, features, starts, drawn }) };
}

export const attentionPooling: Lowering<AttentionAttributes> = {
  op: 'attentionPooling',
  lower(node) {
    const [queries, keysValues, starts, mask, key] = node.inputs;
    const [context, probabilities] = node.outputs;
    const { examples, uniforms, checks, groups } = sizesOf(node);
    const count = elements(probabilities!);
    return [
      ...checks,
      unaryOver('fill', { y: probabilities, count, factor: 0 }),
      dispatch(kernels.attentionPooling, {
        operands: { queries, keysValues, starts, mask, key, context, probabilities },
        ...{ uniforms, groups: groups(examples) },
      }),
    ];
  },
};

export const attentionPoolingGradient: Lowering<AttentionAttributes> = {
  op: 'attentionPoolingGradient',
  lower(node) {
    const [queries, keysValues, starts, , key, probabilities, dcontext] = node.inputs;
    const [dkeysValues, dqueries] = node.outputs;
    const { rows, examples, uniforms, checks, groups } = sizesOf(node);
    const features = dkeysValues!.shape[1]!;
    return [
      ...checks,
      dispatch(kernels.attentionPoolingGradient, {
        operands: {
          ...{ queries, keysValues, starts, key, probabilities, dcontext },
          ...{ dkeysValues, dqueries },
        },
        ...{ uniforms, groups: groups(examples) },
      }),
      overElements(zeroRowsBehind, elements(dkeysValues!), {
        operands: { x: dkeysValues, starts, y: dkeysValues },
        uniforms: { features, ...usedUniforms(rows, starts) },
      }),
    ];
  },
};
