import {
  gaussianIndex,
  gaussianTable,
  input,
  type Node,
  newKey,
  randomBlock,
  type SketchKind,
  sketch,
  trace,
} from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import type { LoweringContext } from '../../src/kernels/kernel.js';
import { drawTile, sketchUnit } from '../../src/kernels/sketch-tile.js';
import { Kernels } from './harness.js';

const [seed, step] = [42, 7];
const WORD = 2 ** 32;

/** ogbn-products to a tenth of its rows. */
const [n, kept] = [2449029, 244903];

const entry: Record<SketchKind, (column: number, i: number) => number> = {
  gaussian: (column, i) => {
    const block = column * Math.ceil(n / 5) + Math.floor(i / 5);
    return gaussianTable()[gaussianIndex(...randomBlock(seed, step, 0, block), i % 5)]!;
  },
  rademacher: (column, i) => {
    const block = column * Math.ceil(n / 64) + Math.floor(i / 64);
    const word = randomBlock(seed, step, 0, block)[(i >> 5) & 1]!;
    return (word >>> (i & 31)) & 1 ? -1 : 1;
  },
};

/** The sketch's node; nothing of its sizes is allocated. */
function sketchNode(kind: SketchKind): Node {
  let node: Node | undefined;
  trace(() => {
    const y = sketch(input('x', [n, 1]), {
      kind,
      rows: kept,
      key: newKey(input('key', [2], 'i32')),
    });
    node = y.node;
    return { y };
  });
  return node!;
}

/** A tile of the sketch as its lowering draws it. */
function drawn(kind: SketchKind, begin: number, end: number, columns: [number, number]) {
  const kernels = new Kernels();
  const key = kernels.place(Int32Array.of(seed, step));
  const table = kernels.place(gaussianTable());
  const [first, last] = columns;
  const tile = kernels.room((last - first) * (end - begin));
  const context = { address: () => key.address, gaussianTable: table.address };
  const { kernel, arguments: args } = drawTile(
    sketchNode(kind),
    context as unknown as LoweringContext,
    { tile: tile.address, length: n, begin, end, columns: { begin: first, end: last } },
  );
  kernels.call(kernel, ...args);
  return tile.data;
}

describe.each(['gaussian', 'rademacher'] as const)('a %s sketch beyond 2^32 blocks', (kind) => {
  const unit = sketchUnit(sketchNode(kind));
  const perBlock = kind === 'gaussian' ? 5 : 64;
  const columnBlocks = Math.ceil(n / perBlock);
  /** The column in which block 2^32 lies, and the entry at which that block begins. */
  const across = Math.floor(WORD / columnBlocks);
  const edge = (WORD - across * columnBlocks) * perBlock;
  const before = Math.floor(edge / unit) * unit;
  const tiles = {
    'across it': [before - 2 * unit, before + 3 * unit + 7, across - 2],
    'that ends there': [before - 2 * unit, before, across],
    'far behind it': [10 * unit, 13 * unit, kept - 9],
    'at its last entries': [Math.floor(n / unit) * unit, n, kept - 9],
  } as const;

  for (const [name, [begin, end, column]] of Object.entries(tiles))
    it(`draws a tile ${name} to the bit`, () => {
      const columns: [number, number] = [column, column + 9];
      const scale = Math.fround(1 / Math.sqrt(9));
      const wanted = new Float32Array(9 * (end - begin));
      for (let j = 0; j < 9; j++)
        for (let i = begin; i < end; i++)
          wanted[j * (end - begin) + i - begin] = entry[kind](column + j, i) * scale;
      expect(drawn(kind, begin, end, columns)).toEqual(wanted);
    });
});

describe("attention's dropout beyond 2^32 blocks", () => {
  // Elements are counted over all heads of a batch, of which no tensor is made: 4 to a block.
  const keys = 67;
  const threshold = 20000;
  const rows = 5;
  const firstRow = Math.floor((4 * WORD) / keys) - 2;
  const isKept = (element: number): boolean => {
    const words = randomBlock(seed, step, 3, Math.floor(element / 4));
    const word = words[(element % 4) >> 1]!;
    return (element % 2 === 0 ? word & 0xffff : word >>> 16) >= threshold;
  };
  const wanted = Array.from({ length: rows * keys }, (_, i) => isKept(firstRow * keys + i));

  it.each(['attentionSoftmax', 'attentionScoreGradient'])('%s drops to the bit', (kernel) => {
    const kernels = new Kernels();
    const scores = kernels.place(new Float32Array(rows * keys));
    const dscores = kernels.place(new Float32Array(rows * keys));
    const mask = kernels.place(new Int32Array(keys).fill(1));
    const logSumExp = kernels.place(new Float32Array(rows));
    const key = kernels.place(Int32Array.of(seed, step));
    const bits = kernels.room((keys + 32) / 2);
    const stacks = kernel === 'attentionSoftmax' ? [scores] : [scores, dscores];
    kernels.call(
      kernel,
      ...[...stacks, mask, logSumExp].map(({ address }) => address),
      ...[rows, keys, key.address, 3, threshold, firstRow, bits.address],
    );
    expect([...scores.data].map((p) => p !== 0)).toEqual(wanted);
  });
});
