import type { SketchKind } from '../../ops/sketch.js';
import { GAUSSIANS_PER_BLOCK, gaussianIndex, gaussianTable } from '../../random/gaussian-table.js';
import { threefry2x32 } from '../../random/threefry.js';
import type { ReferenceKernel } from '../kernel.js';

/** How many entries a Threefry block gives, and the one in each of its slots before scaling. */
const KINDS: Readonly<
  Record<SketchKind, { perBlock: number; entry(words: [number, number], slot: number): number }>
> = {
  gaussian: {
    perBlock: GAUSSIANS_PER_BLOCK,
    entry: ([word0, word1], slot) => gaussianTable()[gaussianIndex(word0, word1, slot)]!,
  },
  rademacher: {
    perBlock: 64,
    entry: (words, slot) => ((words[slot >> 5]! >>> (slot & 31)) & 1 ? -1 : 1),
  },
};

export const sketch: ReferenceKernel<{
  readonly kind: SketchKind;
  readonly rows: number;
  readonly stream: number;
}> = {
  op: 'sketch',
  run({ inputs: [x, key], outputs: [y], attributes: { kind, rows, stream } }) {
    const [n, features] = x!.shape as [number, number];
    const [seed, step] = key!.data;
    const { perBlock, entry } = KINDS[kind];
    const blocks = Math.ceil(n / perBlock);
    const scale = Math.fround(1 / Math.sqrt(rows));
    const row = new Float64Array(features);
    for (let j = 0; j < rows; j++) {
      row.fill(0);
      for (let block = 0; block < blocks; block++) {
        const words = threefry2x32(seed!, step!, stream, j * blocks + block);
        const first = block * perBlock;
        for (let i = first; i < Math.min(first + perBlock, n); i++) {
          const weight = Math.fround(entry(words, i - first) * scale);
          for (let f = 0; f < features; f++) row[f]! += weight * x!.data[i * features + f]!;
        }
      }
      y!.data.set(row, j * features);
    }
  },
};
