import { gaussianIndex, gaussianTable, randomBlock, threefry2x32 } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { Kernels, LENGTHS, numbers, THREADS } from './harness.js';

const KEYS = [
  [0, 0],
  [42, 7],
  [-1, -1],
  [-5, 123456789],
] as const;

const bits = (word0: number, word1: number, slot: number): number =>
  slot < 2 ? (word0 >>> (16 * slot)) & 0xffff : (word1 >>> (16 * (slot - 2))) & 0xffff;

describe('threefryBlocks', () => {
  it('gives the known answer', () => {
    const kernels = new Kernels();
    const words = kernels.place(new Int32Array(8));
    kernels.call(
      'threefryBlocks',
      words.address,
      kernels.place(new Int32Array(2)).address,
      0,
      0,
      1,
    );
    expect([...words.data.subarray(0, 2)].map((word) => word >>> 0)).toEqual([
      0x6b200159, 0x99ba4efe,
    ]);
  });

  it.each(KEYS)('equals the reference to the bit under key (%i, %i)', (seed, step) => {
    for (const [stream, block, groups] of [
      [0, 0, 1],
      [3, 17, 2],
      [2 ** 31 - 1, 2 ** 32 - 6, 3],
      [9, 1000003, 9],
    ] as const) {
      const kernels = new Kernels();
      const key = kernels.place(Int32Array.of(seed, step));
      const words = kernels.place(new Int32Array(groups * 8));
      kernels.call('threefryBlocks', words.address, key.address, stream, block, groups);
      const expected = Array.from({ length: groups * 4 }, (_, b) =>
        randomBlock(seed, step, stream, block + b),
      ).flat();
      expect([...words.data].map((word) => word >>> 0)).toEqual(expected);
    }
  });
});

describe.each(THREADS)('dropout on %i threads', (threads) => {
  it.each(KEYS)('drops what the reference drops under key (%i, %i)', (seed, step) => {
    for (const threshold of [1, 6554, 40000, 65535])
      for (const n of LENGTHS) {
        const kernels = new Kernels(threads);
        const key = kernels.place(Int32Array.of(seed, step));
        const x = kernels.place(numbers(n, n + 1));
        const y = kernels.room(n);
        const factor = Math.fround(1 / (1 - threshold / 65536));
        const expected = x.data.map((value, e) => {
          const [word0, word1] = threefry2x32(seed, step, 11, e >> 2);
          return bits(word0, word1, e % 4) < threshold ? 0 : value * factor;
        });
        kernels.run('dropout', x.address, key.address, y.address, n, 11, threshold);
        expect(y.data.map((value) => value + 0)).toEqual(expected.map((value) => value + 0));
        kernels.run('dropout', x.address, key.address, x.address, n, 11, threshold);
        expect(x.data).toEqual(y.data);
      }
  });
});

describe('sketchTile', () => {
  const [seed, step, stream] = [42, 3, 5];

  const entry = {
    gaussian: (n: number, i: number, row: number) => {
      const block = row * Math.ceil(n / 5) + Math.floor(i / 5);
      return gaussianTable()[gaussianIndex(...threefry2x32(seed, step, stream, block), i % 5)]!;
    },
    rademacher: (n: number, i: number, row: number) => {
      const words = threefry2x32(seed, step, stream, row * Math.ceil(n / 64) + (i >> 6));
      return (words[(i >> 5) & 1]! >>> (i & 31)) & 1 ? -1 : 1;
    },
  };

  const tiles = [
    { n: 1, begin: 0, end: 1, rows: 1, firstRow: 0 },
    { n: 100, begin: 0, end: 100, rows: 4, firstRow: 3 },
    { n: 103, begin: 0, end: 103, rows: 7, firstRow: 0 },
    { n: 2048, begin: 320, end: 320 + 512, rows: 5, firstRow: 100 },
    { n: 2049, begin: 1920, end: 2049, rows: 6, firstRow: 0 },
    { n: 5000, begin: 0, end: 2600, rows: 2, firstRow: 1 },
  ];

  it.each(['gaussian', 'rademacher'] as const)('draws %s entries to the bit', (kind) => {
    for (const { n, begin, end, rows, firstRow } of tiles) {
      const kernels = new Kernels();
      const key = kernels.place(Int32Array.of(seed, step));
      const table = kernels.place(gaussianTable());
      const tile = kernels.room((end - begin) * rows);
      const scale = Math.fround(1 / Math.sqrt(rows));
      const code = kind === 'gaussian' ? 0 : 1;
      kernels.call(
        'sketchTile',
        ...[
          tile.address,
          code,
          n,
          begin,
          end,
          rows,
          key.address,
          stream,
          table.address,
          scale,
          firstRow,
        ],
      );
      const expected = new Float32Array(tile.data.length);
      for (let row = 0; row < rows; row++)
        for (let i = begin; i < end; i++)
          expected[row * (end - begin) + i - begin] = entry[kind](n, i, firstRow + row) * scale;
      expect(tile.data).toEqual(expected);
    }
  });

  it('writes nothing for an empty tile', () => {
    const kernels = new Kernels();
    const key = kernels.place(new Int32Array(2));
    for (const kind of [0, 1])
      kernels.call('sketchTile', 0, kind, 100, 0, 100, 0, key.address, 0, 0, 1, 0);
  });
});
