import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagonalBlocks, partBegin, UsageError } from '../../src/index.js';

const sizes = fc
  .record({
    n: fc.integer({ min: 1, max: 300 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    blockRows: fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
  })
  .map(({ n, share, blockRows }) => ({ n, rows: Math.max(1, Math.round(n * share)), blockRows }));

describe('diagonal blocks', () => {
  it('deal all rows out nearly equally, each block with a row of the sketch and none with too many', () => {
    fc.assert(
      fc.property(sizes, ({ n, rows, blockRows }) => {
        const blocks = diagonalBlocks(n, rows, blockRows);
        let [at, sketchAt] = [0, 0];
        for (const { begin, end, sketchBegin, sketchEnd } of blocks) {
          expect([begin, sketchBegin]).toEqual([at, sketchAt]);
          expect(sketchEnd).toBeGreaterThan(sketchBegin);
          // So that bins, or rows of a basis, can be dealt out within the block.
          expect(sketchEnd - sketchBegin).toBeLessThanOrEqual(end - begin);
          expect(end - begin).toBeLessThanOrEqual(blocks[0]!.end);
          expect(end - begin).toBeGreaterThanOrEqual(blocks[0]!.end - 1);
          [at, sketchAt] = [end, sketchEnd];
        }
        expect([at, sketchAt]).toEqual([n, rows]);
        if (blockRows === undefined) expect(blocks).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  it('are about as large as asked for', () => {
    expect(diagonalBlocks(2048, 205, 128)).toHaveLength(16);
    expect(diagonalBlocks(2048, 10, 128)).toHaveLength(10);
    expect(diagonalBlocks(100, 50, 1000)).toHaveLength(1);
    expect(diagonalBlocks(0, 5, 3)).toEqual([{ begin: 0, end: 0, sketchBegin: 0, sketchEnd: 5 }]);
  });

  it('put the longer parts first', () => {
    expect([0, 1, 2, 3].map((at) => partBegin(8, 3, at))).toEqual([0, 3, 6, 8]);
  });

  it('are of whole numbers of rows', () => {
    for (const blockRows of [0, -1, 1.5, Number.NaN])
      expect(() => diagonalBlocks(8, 4, blockRows)).toThrow(
        new UsageError(`blockRows must be an integer of at least 1, but it is ${blockRows}`),
      );
    for (const rows of [0, 2.5]) expect(() => diagonalBlocks(8, rows, 2)).toThrow(UsageError);
  });
});
