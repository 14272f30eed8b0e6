import { elements, type Value } from '@sketchgrad/core';
import { overHeads } from '../kernels/attention/common.js';
import * as kernels from '../kernels/attention/pooling.js';
import { zeroRowsBehind } from '../kernels/rows/kernel.js';
import { type Lowering, type NodeOf, overElements } from '../lowering.js';
import { type AttentionAttributes, attentionSizes } from './attention-sizes.js';
import { zeros } from './element-wise.js';
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
  lower(node, { abilities }) {
    const [queries, keysValues, starts, mask, key] = node.inputs;
    const [context, probabilities] = node.outputs;
    const { examples, uniforms, checks } = sizesOf(node);
    return [
      ...checks,
      zeros(probabilities!),
      overHeads(kernels.attentionPooling, examples, {
        abilities,
        operands: { queries, keysValues, starts, mask, key, context, probabilities },
        uniforms,
      }),
    ];
  },
};

export const attentionPoolingGradient: Lowering<AttentionAttributes> = {
  op: 'attentionPoolingGradient',
  lower(node, { abilities }) {
    const [queries, keysValues, starts, , key, probabilities, dcontext] = node.inputs;
    const [dkeysValues, dqueries] = node.outputs;
    const { rows, examples, uniforms, checks } = sizesOf(node);
    const features = dkeysValues!.shape[1]!;
    return [
      ...checks,
      overHeads(kernels.attentionPoolingGradient, examples, {
        abilities,
        operands: {
          ...{ queries, keysValues, starts, key, probabilities, dcontext },
          ...{ dkeysValues, dqueries },
        },
        uniforms,
      }),
      overElements(zeroRowsBehind, elements(dkeysValues!), {
        operands: { x: dkeysValues, starts, y: dkeysValues },
        uniforms: { features, ...usedUniforms(rows, starts) },
      }),
    ];
  },
};
