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
