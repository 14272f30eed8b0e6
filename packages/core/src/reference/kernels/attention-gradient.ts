import { type AttentionAttributes, attentionSizes } from '../../ops/attention.js';
import { dropoutFactor } from '../dropout-mask.js';
import type { ReferenceKernel } from '../kernel.js';

export const attentionGradient: ReferenceKernel<AttentionAttributes> = {
  op: 'attentionGradient',
  run({ node, inputs, outputs: [dprojections], attributes }) {
    const { batch, sequence, features, heads, size } = attentionSizes(node.inputs, attributes);
    const [projections, mask, key, logSumExp, dcontext] = inputs;
    const factor = dropoutFactor(key!, attributes.stream, attributes.threshold);
    const x = projections!.data;
    const width = 3 * features;
    const root = Math.sqrt(size);
    const gradient = new Float64Array(x.length);
    const probabilities = new Float64Array(sequence);
    const cotangents = new Float64Array(sequence);
    for (let row = 0; row < batch * heads * sequence; row++) {
      const b = Math.floor(row / (heads * sequence));
      const h = Math.floor(row / sequence) % heads;
      const token = b * sequence + (row % sequence);
      const query = token * width + h * size;
      const firstKey = b * sequence * width + features + h * size;
      const outgoing = token * features + h * size;
      let mean = 0;
      for (let j = 0; j < sequence; j++) {
        const atKey = firstKey + j * width;
        const atValue = atKey + features;
        let score = 0;
        let cotangent = 0;
        for (let c = 0; c < size; c++) {
          score += x[query + c]! * x[atKey + c]!;
          cotangent += dcontext!.data[outgoing + c]! * x[atValue + c]!;
        }
        const masked = !mask!.data[b * sequence + j];
        const p = masked ? 0 : Math.exp(score / root - logSumExp!.data[row]!);
        const kept = factor(row * sequence + j);
        for (let c = 0; c < size; c++)
          gradient[atValue + c]! += p * kept * dcontext!.data[outgoing + c]!;
        probabilities[j] = p;
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
