import { checkIndices } from '../../execution/indices.js';
import { diagonalBlocks, partBegin } from '../../ops/diagonal-blocks.js';
import { below } from '../../random/below.js';
import { randomSigns, randomWords } from '../../random/random-words.js';
import type { ReferenceKernel } from '../kernel.js';

export const countSketch: ReferenceKernel<{
  readonly rows: number;
  readonly stream: number;
  readonly balanced: boolean;
  readonly blockRows: number | undefined;
}> = {
  op: 'countSketch',
  run({ node, inputs: [x, key, order], outputs: [y], attributes }) {
    const { rows, stream, balanced, blockRows } = attributes;
    const [n, features] = x!.shape as [number, number];
    if (order) checkIndices(node, 'index', order.data, n);
    const total = new Float64Array(rows * features);
    const add = (t: number, bin: number, sign: number) => {
      const row = order ? order.data[t]! : t;
      for (let f = 0; f < features; f++)
        total[bin * features + f]! += sign * x!.data[row * features + f]!;
    };
    const sign = randomSigns(key!, stream);
    const word = randomWords(key!, stream);
    for (const { begin, end, sketchBegin, sketchEnd } of diagonalBlocks(n, rows, blockRows)) {
      const bins = sketchEnd - sketchBegin;
      if (balanced) {
        const first = (bin: number) => begin + partBegin(end - begin, bins, bin);
        for (let bin = 0; bin < bins; bin++)
          for (let t = first(bin); t < first(bin + 1); t++) add(t, sketchBegin + bin, sign(t));
        continue;
      }
      for (let t = begin; t < end; t++) {
        // 31 bits as the top of a word.
        const bits = word(t);
        const bin = below((bits & ~1) >>> 0, bins);
        add(t, sketchBegin + bin, bits & 1 ? -1 : 1);
      }
    }
    y!.data.set(total);
  },
};
