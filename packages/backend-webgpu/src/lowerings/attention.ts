import type { Value } from '@sketchgrad/core';
import { overHeads } from '../kernels/attention/common.js';
import { attention as forward } from '../kernels/attention/forward.js';
import { attentionKeys, attentionQueries, STATISTICS } from '../kernels/attention/gradient.js';
import type { Lowering, NodeOf } from '../lowering.js';
import { type AttentionAttributes, attentionSizes } from './attention-sizes.js';
import { moved } from './moves.js';

function sizesOf(node: NodeOf<AttentionAttributes>) {
  const [projections, starts] = node.inputs as [Value, Value];
  const [rows, width] = projections.shape as [number, number];
  const { heads, longest } = node.attributes;
  const features = width / 3;
  const drawn = heads * rows * longest;
  return { rows, features, ...attentionSizes(node, { rows, features, starts, drawn }) };
}

export const attention: Lowering<AttentionAttributes> = {
  op: 'attention',
  lower(node, { abilities }) {
    const [projections, starts, mask, key] = node.inputs;
    const [context, logSumExp] = node.outputs;
    const { rows, uniforms, checks } = sizesOf(node);
    return [
      ...checks,
      overHeads(forward, rows, {
        abilities,
        operands: { projections, starts, mask, key, context, logSumExp },
        uniforms,
      }),
    ];
  },
};

export const attentionGradient: Lowering<AttentionAttributes> = {
  op: 'attentionGradient',
  scratch(node) {
    const { rows, features, uniforms } = sizesOf(node);
    return [4 * rows * features, 4 * STATISTICS * rows * uniforms.heads];
  },
  lower(node, { abilities, scratch: [dqueries, statistics] }) {
    // The log-sum-exp, which is rounded as it is stored, is not read.
    const [projections, starts, mask, key, , dcontext] = node.inputs;
    const [dprojections] = node.outputs;
    const { rows, features, uniforms, checks } = sizesOf(node);
    const shared = { projections, starts, mask, key, dcontext, statistics };
    return [
      ...checks,
      overHeads(attentionQueries, rows, {
        abilities,
        operands: { ...shared, dqueries },
        uniforms,
      }),
      overHeads(attentionKeys, rows, {
        abilities,
        operands: { ...shared, dprojections },
        uniforms,
      }),
      // Queries are read by all rows' keys, so that nothing may lie over them before.
      moved({
        ...{ x: dqueries, y: dprojections, sizes: [rows, features] },
        ...{ xStrides: [features, 1], yStrides: [3 * features, 1] },
      }),
    ];
  },
};
