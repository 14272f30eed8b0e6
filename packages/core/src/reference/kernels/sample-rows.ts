import { checkWeights } from '../../execution/indices.js';
import { prefixSums, uniform53 } from '../../random/draw-rows.js';
import type { ReferenceKernel } from '../kernel.js';

export const sampleRows: ReferenceKernel<{ readonly count: number; readonly stream: number }> = {
  op: 'sampleRows',
  run({ node, inputs: [weights, key], outputs, attributes: { count, stream } }) {
    checkWeights(node, weights!.data);
    const rows = weights!.data.length;
    const sums = prefixSums(weights!.data);
    const total = sums[rows - 1]!;
    const [indices, factors] = outputs.map(({ data }) => data);
    for (let draw = 0; draw < count; draw++) {
      const u = uniform53(key!.data, stream, draw);
      if (total === 0) {
        indices![draw] = Math.min(Math.floor(u * rows), rows - 1);
        factors![draw] = rows / count;
        continue;
      }
      // Rounded up to the whole sum, it belongs to the last row that has a stretch.
      let row = sums.findIndex((sum) => sum > u * total);
      if (row < 0) row = sums.indexOf(total);
      indices![draw] = row;
      factors![draw] = total / (count * (sums[row]! - (row > 0 ? sums[row - 1]! : 0)));
    }
  },
};
