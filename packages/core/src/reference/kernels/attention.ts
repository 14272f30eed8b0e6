import { type AttentionAttributes, attentionSizes } from '../../ops/attention.js';
import { dropoutFactor } from '../dropout-mask.js';
import type { ReferenceKernel } from '../kernel.js';

export const attention: ReferenceKernel<AttentionAttributes> = {
  op: 'attention',
  run({ node, inputs: [projections, mask, key], outputs: [context, logSumExp], attributes }) {
    const { batch, sequence, features, heads, size } = attentionSizes(node.inputs, attributes);
    const factor = dropoutFactor(key!, attributes.stream, attributes.threshold);
    const x = projections!.data;
    const width = 3 * features;
    const scores = new Float64Array(sequence);
    context!.data.fill(0);
    for (let row = 0; row < batch * heads * sequence; row++) {
      const b = Math.floor(row / (heads * sequence));
      const h = Math.floor(row / sequence) % heads;
      const query = (b * sequence + (row % sequence)) * width + h * size;
      const firstKey = b * sequence * width + features + h * size;
      let largest = Number.NEGATIVE_INFINITY;
      for (let j = 0; j < sequence; j++) {
        let score = 0;
        for (let c = 0; c < size; c++) score += x[query + c]! * x[firstKey + j * width + c]!;
        scores[j] = mask!.data[b * sequence + j]
          ? score / Math.sqrt(size)
          : Number.NEGATIVE_INFINITY;
        largest = Math.max(largest, scores[j]!);
      }
      if (largest === Number.NEGATIVE_INFINITY) {
        logSumExp!.data[row] = 0;
        continue;
      }
      let total = 0;
      for (let j = 0; j < sequence; j++) total += Math.exp(scores[j]! - largest);
      logSumExp!.data[row] = largest + Math.log(total);
      const sums = new Float64Array(size);
      for (let j = 0; j < sequence; j++) {
        const weight = (Math.exp(scores[j]! - largest) / total) * factor(row * sequence + j);
        const value = firstKey + features + j * width;
        for (let c = 0; c < size; c++) sums[c]! += weight * x[value + c]!;
      }
      context!.data.set(sums, (b * sequence + (row % sequence)) * features + h * size);
    }
  },
};

export const attentionGradient: ReferenceKernel<AttentionAttributes> = {
  op: 'attentionGradient',
  run({ node, inputs, outputs: [dprojections], attributes }) {
    const { batch, sequence, features, heads, size } = attentionSizes(node.inputs, attributes);
    // The log-sum-exp, which is rounded as it is stored, is not read: see below.
    const [projections, mask, key, , dcontext] = inputs;
    const factor = dropoutFactor(key!, attributes.stream, attributes.threshold);
    const x = projections!.data;
    const width = 3 * features;
    const root = Math.sqrt(size);
    const gradient = new Float64Array(x.length);
    const scores = new Float64Array(sequence);
    const cotangents = new Float64Array(sequence);
    for (let row = 0; row < batch * heads * sequence; row++) {
      const b = Math.floor(row / (heads * sequence));
      const h = Math.floor(row / sequence) % heads;
      const token = b * sequence + (row % sequence);
      const query = token * width + h * size;
      const firstKey = b * sequence * width + features + h * size;
      const outgoing = token * features + h * size;
      for (let j = 0; j < sequence; j++) {
        const atKey = firstKey + j * width;
        let score = 0;
        for (let c = 0; c < size; c++) score += x[query + c]! * x[atKey + c]!;
        scores[j] = mask!.data[b * sequence + j] ? score / root : Number.NEGATIVE_INFINITY;
      }
      const probabilities = softmaxOf(scores);
      let mean = 0;
      for (let j = 0; j < sequence; j++) {
        const atValue = firstKey + features + j * width;
        let cotangent = 0;
        for (let c = 0; c < size; c++) cotangent += dcontext!.data[outgoing + c]! * x[atValue + c]!;
        const p = probabilities[j]!;
        const kept = factor(row * sequence + j);
        for (let c = 0; c < size; c++)
          gradient[atValue + c]! += p * kept * dcontext!.data[outgoing + c]!;
        cotangents[j] = cotangent * kept;
        mean += p * cotangent * kept;
      }
      for (let j = 0; j < sequence; j++) {
        const atKey = firstKey + j * width;
        const ds = (probabilities[j]! * (cotangents[j]! - mean)) / root;
        for (let c = 0; c < size; c++) {
          gradient[query + c]! += ds * x[atKey + c]!;
          gradient[atKey + c]! += ds * x[query + c]!;
        }
      }
    }
    dprojections!.data.set(gradient);
  },
};

/**
 * Softmax of scores of which those of masked keys are −∞; zeros where all are. Not e to the score
 * less the log-sum-exp: of large scores that difference is off by what the log-sum-exp was rounded by.
 */
function softmaxOf(scores: Float64Array): Float64Array {
  const largest = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (largest === Number.NEGATIVE_INFINITY) return new Float64Array(scores.length);
  const powers = scores.map((score) => Math.exp(score - largest));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}
