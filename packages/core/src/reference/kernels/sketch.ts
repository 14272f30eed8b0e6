import { checkIndices } from '../../execution/indices.js';
import { diagonalBlocks } from '../../ops/diagonal-blocks.js';
import type { SketchKind } from '../../ops/sketch.js';
import { GAUSSIANS_PER_BLOCK, gaussianTable, tableIndex } from '../../random/gaussian-table.js';
import { streamBlock } from '../../random/random-block.js';
import type { ReferenceKernel } from '../kernel.js';

/** How many entries a Threefry block gives, and the one in each of its slots before scaling. */
const KINDS: Readonly<
  Record<SketchKind, { perBlock: number; entry(words: [number, number], slot: number): number }>
> = {
  gaussian: {
    perBlock: GAUSSIANS_PER_BLOCK,
    entry: ([word0, word1], slot) => gaussianTable()[tableIndex(word0, word1, slot)]!,
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
  readonly blockRows: number | undefined;
}> = {
  op: 'sketch',
  run({ node, inputs: [x, key, order], outputs: [y], attributes }) {
    const { kind, rows, stream, blockRows } = attributes;
    const [n, features] = x!.shape as [number, number];
    if (order) checkIndices(node, 'index', order.data, n);
    const [seed, step] = key!.data;
    const { perBlock, entry } = KINDS[kind];
    const diagonal = diagonalBlocks(n, rows, blockRows);
    const columnBlocks = Math.ceil(diagonal[0]!.end / perBlock);
    const sum = new Float64Array(features);
    for (const { begin, end, sketchBegin, sketchEnd } of diagonal) {
      const scale = Math.fround(1 / Math.sqrt(sketchEnd - sketchBegin));
      for (let j = sketchBegin; j < sketchEnd; j++) {
        sum.fill(0);
        for (let first = begin; first < end; first += perBlock) {
          const block = j * columnBlocks + (first - begin) / perBlock;
          const words = streamBlock(seed!, step!, stream, block);
          for (let t = first; t < Math.min(first + perBlock, end); t++) {
            const weight = Math.fround(entry(words, t - first) * scale);
            const row = order ? order.data[t]! : t;
            for (let f = 0; f < features; f++) sum[f]! += weight * x!.data[row * features + f]!;
          }
        }
        y!.data.set(sum, j * features);
      }
    }
  },
};
