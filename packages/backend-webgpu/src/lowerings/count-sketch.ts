import { blockCount, elements, type Value } from '@sketchgrad/core';
import * as kernels from '../kernels/count-sketch/kernel.js';
import { chains } from '../kernels/indexed/kernel.js';
import { randomWords } from '../kernels/random-words/kernel.js';
import { type Dispatch, type Lowering, overElements, type Range } from '../lowering.js';
import { zeros } from './element-wise.js';
import { checkedIndices } from './indexed.js';

/** Words of a stream from the first on. */
export const drawnWords = (
  key: Value | undefined,
  words: Range | undefined,
  { stream, count, first = 0 }: { stream: number; count: number; first?: number },
): Dispatch =>
  overElements(randomWords, count, { operands: { key, words }, uniforms: { stream, first } });

/** Words that hold a sign for each of so many rows. */
export const signWords = (n: number): number => Math.ceil(n / 32);

export const countSketch: Lowering<{
  readonly rows: number;
  readonly stream: number;
  readonly balanced: boolean;
  readonly blockRows: number | undefined;
}> = {
  op: 'countSketch',
  scratch({ inputs: [x], attributes: { balanced } }) {
    const [n] = x!.shape as [number];
    return balanced ? [4 * signWords(n)] : [4 * n, 4 * n, 4 * n, 4 * n];
  },
  lower(node, { scratch: [words, bins, next, first] }) {
    const { inputs, outputs, attributes } = node;
    const [x, key, order] = inputs;
    const [y] = outputs;
    const { rows, stream, balanced, blockRows } = attributes;
    const [n, features] = x!.shape as [number, number];
    const blocks = blockCount(n, rows, blockRows);
    const ordered = Number(order !== undefined);
    const checks = order ? [checkedIndices(node, order, { count: n, limit: n })] : [];
    if (balanced)
      return [
        ...checks,
        drawnWords(key, words, { stream, count: signWords(n) }),
        overElements(kernels.balancedCount, elements(y!), {
          operands: { x, order, words, y },
          uniforms: { n, rows, blocks, features, ordered },
        }),
      ];
    return [
      ...checks,
      drawnWords(key, words, { stream, count: n }),
      overElements(kernels.drawnBins, n, { operands: { words, bins }, uniforms: { rows, blocks } }),
      overElements(chains, n, { operands: { indices: bins, next, first }, uniforms: {} }),
      zeros(y!),
      overElements(kernels.drawnCount, elements(x!), {
        operands: { x, order, words, bins, next, first, y },
        uniforms: { n, features, ordered },
      }),
    ];
  },
};
