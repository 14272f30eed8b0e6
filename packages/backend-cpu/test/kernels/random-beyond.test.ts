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
  // Elements are counted over all sequences before, of which only the last ones are a thread's: 4 to a
  // block. Those before the last end a little below 4 · 2^32, within its first rows.
  const lengths = [131_071, 511, 31, 67];
  const keys = lengths.at(-1)!;
  const first = lengths.slice(0, -1).reduce((sum, length) => sum + length, 0);
  const before = lengths.slice(0, -1).reduce((sum, length) => sum + length ** 2, 0);
  const threshold = 20000;
  /** Of the thread's sequences, in floats: the first thread's is another's. */
  const ROOM = 200_000;
  const isKept = (element: number): boolean => {
    const words = randomBlock(seed, step, 3, Math.floor(element / 4));
    const word = words[(element % 4) >> 1]!;
    return (element % 2 === 0 ? word & 0xffff : word >>> 16) >= threshold;
  };

  it('drops to the bit, forwards and backwards', () => {
    expect(before).toBeLessThan(4 * WORD);
    expect(before + keys).toBeGreaterThan(4 * WORD);
    const kernels = new Kernels();
    const rows = first + keys;
    // One value of all is not 0, and so contexts tell which queries keep its key.
    const projections = kernels.place(new Float32Array(3 * rows));
    const starts = kernels.place(Int32Array.from([0, 131_071, 131_582, 131_613, rows]));
    const mask = kernels.place(new Int32Array(rows).fill(1));
    const key = kernels.place(Int32Array.of(seed, step));
    const sums = kernels.place(new Float32Array(rows));
    const context = kernels.place(new Float32Array(rows));
    const dcontext = kernels.place(new Float32Array(rows));
    const gradient = kernels.place(new Float32Array(3 * rows));
    const scratch = kernels.room(ROOM);
    const shape = [rows, 4, 1, 1, 131_071, 3, threshold];
    const inputs = [projections, starts, mask, key];
    const call = (kernel: string, ...tensors: { readonly address: number }[]) =>
      kernels.call(
        kernel,
        ...[1, 2, ...[...inputs, ...tensors].map(({ address }) => address), ...shape],
        ...[scratch.address - 4 * ROOM, 4 * ROOM, 32, 2 ** 30, 0],
      );
    for (const j of [0, 1, 2, 3, 4, 5, 30, 60, 61, 62, 63, 66]) {
      projections.data.fill(0);
      projections.data[3 * (first + j) + 2] = 1;
      expect(call('attention', context, sums)).toBe(0);
      const kept = [...new Array(keys).keys()].map((i) => isKept(before + i * keys + j));
      expect([...context.data.subarray(first)].map((p) => p !== 0)).toEqual(kept);
    }
    for (const i of [0, 1, 2, 33, 66]) {
      dcontext.data.fill(0);
      dcontext.data[first + i] = 1;
      expect(call('attentionGradient', sums, dcontext, gradient)).toBe(0);
      const kept = [...new Array(keys).keys()].map((j) => isKept(before + i * keys + j));
      const dvalues = gradient.data.filter((_, at) => at % 3 === 2).subarray(first);
      expect([...dvalues].map((p) => p !== 0)).toEqual(kept);
    }
  });
});
