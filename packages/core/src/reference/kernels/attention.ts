import { type AttentionAttributes, attentionSizes } from '../../ops/attention.js';
import { dropoutFactor } from '../dropout-mask.js';
import { checkStarts } from '../indices.js';
import type { ReferenceKernel } from '../kernel.js';
import { attentionScores, logSumExpOf, softmaxOf } from './attention-scores.js';

export const attention: ReferenceKernel<AttentionAttributes> = {
  op: 'attention',
  run({ node, inputs: [projections, starts, mask, key], outputs, attributes }) {
    const { rows, examples, features, heads, size, longest } = attentionSizes(
      node.inputs,
      attributes,
    );
    checkStarts(node, starts!.data, rows, { longest });
    const factor = dropoutFactor(key!, attributes.stream, attributes.threshold);
    const [context, logSumExp] = outputs.map(({ data }) => data);
    const x = projections!.data;
    const width = 3 * features;
    context!.fill(0);
    logSumExp!.fill(0);
    let drawnBefore = 0;
    for (let example = 0; example < examples; example++) {
      const first = starts!.data[example]!;
      const length = starts!.data[example + 1]! - first;
      const open = mask!.data.subarray(first, first + length);
      for (let h = 0; h < heads; h++)
        for (let i = 0; i < length; i++) {
          const query = (first + i) * width + h * size;
          const keys = first * width + features + h * size;
          const scores = attentionScores({ x, query }, { x, keys, width }, { open, size });
          logSumExp![h * rows + first + i] = logSumExpOf(scores);
          const sums = new Float64Array(size);
          for (const [j, p] of softmaxOf(scores).entries()) {
            const weight = p * factor(drawnBefore + (h * length + i) * length + j);
            const value = keys + features + j * width;
            for (let c = 0; c < size; c++) sums[c]! += weight * x[value + c]!;
          }
          context!.set(sums, (first + i) * features + h * size);
        }
      drawnBefore += heads * length ** 2;
    }
  },
};

export const attentionGradient: ReferenceKernel<AttentionAttributes> = {
  op: 'attentionGradient',
  run({ node, inputs, outputs: [dprojections], attributes }) {
    const { rows, examples, features, heads, size, longest } = attentionSizes(
      node.inputs,
      attributes,
    );
    // The log-sum-exp, which is rounded as it is stored, is not read: see softmaxOf.
    const [projections, starts, mask, key, , dcontext] = inputs;
    checkStarts(node, starts!.data, rows, { longest });
    const factor = dropoutFactor(key!, attributes.stream, attributes.threshold);
    const x = projections!.data;
    const dout = dcontext!.data;
    const width = 3 * features;
    const root = Math.sqrt(size);
    const gradient = new Float64Array(x.length);
    let drawnBefore = 0;
    for (let example = 0; example < examples; example++) {
      const first = starts!.data[example]!;
      const length = starts!.data[example + 1]! - first;
      const open = mask!.data.subarray(first, first + length);
      for (let h = 0; h < heads; h++)
        for (let i = 0; i < length; i++) {
          const query = (first + i) * width + h * size;
          const keys = first * width + features + h * size;
          const outgoing = (first + i) * features + h * size;
          const scores = attentionScores({ x, query }, { x, keys, width }, { open, size });
          const probabilities = softmaxOf(scores);
          const cotangents = new Float64Array(length);
          let mean = 0;
          for (let j = 0; j < length; j++) {
            const value = keys + features + j * width;
            const kept = factor(drawnBefore + (h * length + i) * length + j);
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
      drawnBefore += heads * length ** 2;
    }
    dprojections!.data.set(gradient);
  },
};
