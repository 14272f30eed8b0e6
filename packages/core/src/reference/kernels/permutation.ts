import { below } from '../../random/below.js';
import { randomWords } from '../../random/random-words.js';
import type { ReferenceKernel } from '../kernel.js';

export const permutation: ReferenceKernel<{
  readonly rows: number;
  readonly segments: number;
  readonly stream: number;
}> = {
  op: 'permutation',
  run({ inputs: [key], outputs: [y], attributes: { rows, segments, stream } }) {
    const word = randomWords(key!, stream);
    for (let first = 0; first < rows * segments; first += rows) {
      const order = y!.data.subarray(first, first + rows);
      for (let i = 0; i < rows; i++) order[i] = i;
      for (let i = rows - 1; i > 0; i--) {
        const j = below(word(first + i), i + 1);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
    }
  },
};
