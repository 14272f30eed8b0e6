import { checkIndices } from '../../execution/indices.js';
import { diagonalBlocks } from '../../ops/diagonal-blocks.js';
import { type Transform, transformInputs, transformSizes } from '../../ops/transform-sketch.js';
import { below } from '../../random/below.js';
import { randomSigns, randomWords } from '../../random/random-words.js';
import type { ReferenceKernel } from '../kernel.js';
import { basisEntry } from '../transform-basis.js';

export const transformSketch: ReferenceKernel<{
  readonly transform: Transform;
  readonly rows: number;
  readonly stream: number;
  readonly blockRows: number | undefined;
}> = {
  op: 'transformSketch',
  run({ node, inputs, outputs: [y], attributes: { transform, rows, stream, blockRows } }) {
    const { x, key, order, slots, chosen } = transformInputs(node, inputs);
    const [n, features] = x.shape as [number, number];
    const { length } = transformSizes(node.inputs[0]!, rows, blockRows);
    if (order) checkIndices(node, 'index', order.data, n);
    for (const list of [slots, chosen]) if (list) checkIndices(node, 'index', list.data, length);
    const sign = randomSigns(key, stream);
    const word = randomWords(key, stream);
    const signWords = 2 * Math.ceil(n / 64);
    const sum = new Float64Array(features);
    diagonalBlocks(n, rows, blockRows).forEach((block, at) => {
      const { begin, end, sketchBegin, sketchEnd } = block;
      const scale = Math.sqrt(length / (sketchEnd - sketchBegin));
      for (let j = sketchBegin; j < sketchEnd; j++) {
        const r = chosen
          ? chosen.data[at * length + j - sketchBegin]!
          : below(word(signWords + j), length);
        sum.fill(0);
        for (let t = begin; t < end; t++) {
          const place = slots ? slots.data[at * length + t - begin]! : t - begin;
          const weight = sign(t) * scale * basisEntry(transform, length, r, place);
          const row = order ? order.data[t]! : t;
          for (let f = 0; f < features; f++) sum[f]! += weight * x.data[row * features + f]!;
        }
        y!.data.set(sum, j * features);
      }
    });
  },
};
