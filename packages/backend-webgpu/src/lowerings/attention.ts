import type { Value } from '@sketchgrad/core';
import { attention as forward } from '../kernels/attention/forward.js';
import { attentionKeys, attentionQueries, STATISTICS } from '../kernels/attention/gradient.js';
import { dispatch, type Lowering, type NodeOf } from '../lowering.js';
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
  lower(node) {
    const [projections, starts, mask, key] = node.inputs;
    const [context, logSumExp] = node.outputs;
    const { rows, uniforms, checks, groups } = sizesOf(node);
    return [
      ...checks,
      dispatch(forward, {
        operands: { projections, starts, mask, key, context, logSumExp },
        ...{ uniforms, groups: groups(rows) },
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
  lower(node, { scratch: [dqueries, statistics] }) {
    // The log-sum-exp, which is rounded as it is stored, is not read.
    const [projections, starts, mask, key, , dcontext] = node.inputs;
    const [dprojections] = node.outputs;
    const { rows, features, uniforms, checks, groups } = sizesOf(node);
    const shared = { projections, starts, mask, key, dcontext, statistics };
    return [
      ...checks,
      dispatch(attentionQueries, {
        operands: { ...shared, dqueries },
        ...{ uniforms, groups: groups(rows) },
      }),
      dispatch(attentionKeys, {
        operands: { ...shared, dprojections },
        ...{ uniforms, groups: groups(rows) },
      }),
      // Queries are read by all rows' keys, so that nothing may lie over them before.
      moved({
        ...{ x: dqueries, y: dprojections, sizes: [rows, features] },
        ...{ xStrides: [features, 1], yStrides: [3 * features, 1] },
      }),
    ];
  },
};
