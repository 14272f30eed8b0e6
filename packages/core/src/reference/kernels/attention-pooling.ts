import { checkStarts } from '../../execution/indices.js';
import type { AttentionAttributes } from '../../ops/attention.js';
import { poolingSizes } from '../../ops/attention-pooling.js';
import { dropoutFactor } from '../../random/dropout-mask.js';
import type { ReferenceKernel } from '../kernel.js';
import { attentionScores, softmaxOf } from './attention-scores.js';
import { packedHeads } from './packed-heads.js';

/** Of one query with each row. */
const each = (length: number): number => length;

export const attentionPooling: ReferenceKernel<AttentionAttributes> = {
  op: 'attentionPooling',
  run({ node, inputs: [queries, keysValues, starts, mask, key], outputs, attributes }) {
    const { rows, features, heads, size, longest } = poolingSizes(node.inputs, attributes);
    checkStarts(node, starts!.data, rows, { longest });
    const factor = dropoutFactor(key!, attributes.stream, attributes.threshold);
    const [context, probabilities] = outputs.map(({ data }) => data);
    const x = keysValues!.data;
    const width = 2 * features;
    probabilities!.fill(0);
    for (const packed of packedHeads(starts!.data, heads, each)) {
      const { example, head, first, length, element } = packed;
      const open = mask!.data.subarray(first, first + length);
      const query = example * features + head * size;
      const keys = first * width + head * size;
      const from = { x: queries!.data, query };
      const found = softmaxOf(attentionScores(from, { x, keys, width }, { open, size }));
      const sums = new Float64Array(size);
      for (const [j, p] of found.entries()) {
        const weight = p * factor(element + j);
        const value = keys + features + j * width;
        for (let c = 0; c < size; c++) sums[c]! += weight * x[value + c]!;
      }
      probabilities!.set(found, head * rows + first);
      context!.set(sums, query);
    }
  },
};

export const attentionPoolingGradient: ReferenceKernel<AttentionAttributes> = {
  op: 'attentionPoolingGradient',
  run({ node, inputs, outputs: [dkeysValues, dqueries], attributes }) {
    const { rows, features, heads, size, longest } = poolingSizes(node.inputs, attributes);
    const [queries, keysValues, starts, , key, probabilities, dcontext] = inputs;
    checkStarts(node, starts!.data, rows, { longest });
    const factor = dropoutFactor(key!, attributes.stream, attributes.threshold);
    const x = keysValues!.data;
    const q = queries!.data;
    const dout = dcontext!.data;
    const width = 2 * features;
    const root = Math.sqrt(size);
    const gradient = new Float64Array(x.length);
    const own = new Float64Array(q.length);
    for (const packed of packedHeads(starts!.data, heads, each)) {
      const { example, head, first, length, element } = packed;
      const query = example * features + head * size;
      const keys = first * width + head * size;
      const cotangents = new Float64Array(length);
      const at = head * rows + first;
      const p = probabilities!.data.subarray(at, at + length);
      let mean = 0;
      for (let j = 0; j < length; j++) {
        const value = keys + features + j * width;
        const kept = factor(element + j);
        for (let c = 0; c < size; c++) {
          cotangents[j]! += kept * dout[query + c]! * x[value + c]!;
          gradient[value + c]! = p[j]! * kept * dout[query + c]!;
        }
        mean += p[j]! * cotangents[j]!;
      }
      for (let j = 0; j < length; j++) {
        const ds = (p[j]! * (cotangents[j]! - mean)) / root;
        for (let c = 0; c < size; c++) {
          own[query + c]! += ds * x[keys + j * width + c]!;
          gradient[keys + j * width + c]! = ds * q[query + c]!;
        }
      }
    }
    dkeysValues!.data.set(gradient);
    dqueries!.data.set(own);
  },
};
