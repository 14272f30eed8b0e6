import { checkStarts } from '../../execution/indices.js';
import { type AttentionAttributes, attentionSizes } from '../../ops/attention.js';
import { dropoutFactor } from '../../random/dropout-mask.js';
import type { ReferenceKernel } from '../kernel.js';
import { attentionScores, logSumExpOf, softmaxOf } from './attention-scores.js';
import { packedHeads } from './packed-heads.js';

/** Of each row with each. */
const pairs = (length: number): number => length ** 2;

export const attention: ReferenceKernel<AttentionAttributes> = {
  op: 'attention',
  run({ node, inputs: [projections, starts, mask, key], outputs, attributes }) {
    const { rows, features, heads, size, longest } = attentionSizes(node.inputs, attributes);
    checkStarts(node, starts!.data, rows, { longest });
    const factor = dropoutFactor(key!, attributes.stream, attributes.threshold);
    const [context, logSumExp] = outputs.map(({ data }) => data);
    const x = projections!.data;
    const width = 3 * features;
    context!.fill(0);
    logSumExp!.fill(0);
    for (const { head, first, length, element } of packedHeads(starts!.data, heads, pairs)) {
      const open = mask!.data.subarray(first, first + length);
      const keys = first * width + features + head * size;
      for (let i = 0; i < length; i++) {
        const query = (first + i) * width + head * size;
        const scores = attentionScores({ x, query }, { x, keys, width }, { open, size });
        logSumExp![head * rows + first + i] = logSumExpOf(scores);
        const sums = new Float64Array(size);
        for (const [j, p] of softmaxOf(scores).entries()) {
          const weight = p * factor(element + i * length + j);
          const value = keys + features + j * width;
          for (let c = 0; c < size; c++) sums[c]! += weight * x[value + c]!;
        }
        context!.set(sums, (first + i) * features + head * size);
      }
    }
  },
};

export const attentionGradient: ReferenceKernel<AttentionAttributes> = {
  op: 'attentionGradient',
  run({ node, inputs, outputs: [dprojections], attributes }) {
    const { rows, features, heads, size, longest } = attentionSizes(node.inputs, attributes);
    // The log-sum-exp, which is rounded as it is stored, is not read: see softmaxOf.
    const [projections, starts, mask, key, , dcontext] = inputs;
    checkStarts(node, starts!.data, rows, { longest });
    const factor = dropoutFactor(key!, attributes.stream, attributes.threshold);
    const x = projections!.data;
    const dout = dcontext!.data;
    const width = 3 * features;
    const root = Math.sqrt(size);
    const gradient = new Float64Array(x.length);
    for (const { head, first, length, element } of packedHeads(starts!.data, heads, pairs)) {
      const open = mask!.data.subarray(first, first + length);
      const keys = first * width + features + head * size;
      for (let i = 0; i < length; i++) {
        const query = (first + i) * width + head * size;
        const outgoing = (first + i) * features + head * size;
        const scores = attentionScores({ x, query }, { x, keys, width }, { open, size });
        const probabilities = softmaxOf(scores);
        const cotangents = new Float64Array(length);
        let mean = 0;
        for (let j = 0; j < length; j++) {
          const value = keys + features + j * width;
          const kept = factor(element + i * length + j);
          const p = probabilities[j]!;
          for (let c = 0; c < size; c++) {
            cotangents[j]! += kept * dout[outgoing + c]! * x[value + c]!;
            gradient[value + c]! += p * kept * dout[outgoing + c]!;
          }
          mean += p * cotangents[j]!;
        }
        for (let j = 0; j < length; j++) {
          const ds = (probabilities[j]! * (cotangents[j]! - mean)) / root;
          for (let c = 0; c < size; c++) {
            gradient[query + c]! += ds * x[keys + j * width + c]!;
            gradient[keys + j * width + c]! += ds * x[query + c]!;
          }
        }
      }
    }
    dprojections!.data.set(gradient);
  },
};
