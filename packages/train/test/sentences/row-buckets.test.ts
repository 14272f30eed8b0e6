import { UsageError } from '@sketchgrad/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchSize, RowBuckets } from '../../src/index.js';

/** Few batches or many, of tokens within a narrow range or a wide one. */
const batches = fc
  .record({ least: fc.integer({ min: 1, max: 2000 }), times: fc.integer({ min: 1, max: 6 }) })
  .chain(({ least, times }) => {
    const size = fc.record({
      examples: fc.integer({ min: 7, max: 8 }),
      tokens: fc.integer({ min: least, max: times * least }),
      work: fc.constantFrom('earlier', 'last'),
    });
    return fc.array(size, { minLength: 1, maxLength: 200, size: 'max' });
  });
const mostShapes = fc.integer({ min: 1, max: 64 });

/** How many shapes batches have whose tokens are rounded. */
const countShapes = (all: readonly BatchSize[], rounded: (tokens: number) => number): number =>
  new Set(all.map(({ work, examples, tokens }) => `${work} ${examples} ${rounded(tokens)}`)).size;

const octave = (tokens: number) => Math.max(8, 2 ** Math.ceil(Math.log2(tokens)));
const eights = (rows: number) => Math.ceil(rows / 8) * 8;

describe('rows of a batch', () => {
  it('are as many as it has tokens, or more, and no fewer than a smaller batch has', () => {
    const tokens = fc.array(fc.integer({ min: 1, max: 2 ** 24 }), { minLength: 1 });
    fc.assert(
      fc.property(batches, mostShapes, tokens, (all, most, others) => {
        const buckets = new RowBuckets(all, most);
        const sorted = [...others, ...all.map((each) => each.tokens)].sort((a, b) => a - b);
        let before = 0;
        for (const each of sorted) {
          const rows = buckets.rowsFor(each);
          expect(rows).toBeGreaterThanOrEqual(Math.max(each, before));
          expect(buckets.rowsFor(rows)).toBe(rows);
          before = rows;
        }
      }),
    );
  });

  it('come in no more shapes than there may be, or in one to an octave where that is more', () => {
    fc.assert(
      fc.property(batches, mostShapes, (all, most) => {
        const buckets = new RowBuckets(all, most);
        const shapes = countShapes(all, (tokens) => buckets.rowsFor(tokens));
        expect(shapes).toBeLessThanOrEqual(Math.max(most, countShapes(all, octave)));
      }),
    );
  });

  it('are exact where there are few numbers of tokens, and only there', () => {
    fc.assert(
      fc.property(batches, mostShapes, (all, most) => {
        const buckets = new RowBuckets(all, most);
        const few = countShapes(all, (tokens) => tokens) <= most;
        if (few) for (const { tokens } of all) expect(buckets.rowsFor(tokens)).toBe(tokens);
        // Where they are not, they are multiples of 8.
        else for (const { tokens } of all) expect(buckets.rowsFor(tokens) % 8).toBe(0);
      }),
    );
    const three = [5, 17, 170].map((tokens) => ({ examples: 2, tokens }));
    expect(three.map(({ tokens }) => new RowBuckets(three, 3).rowsFor(tokens))).toEqual([
      5, 17, 170,
    ]);
  });

  it('waste less than a step of a ladder of so many to an octave as there may be shapes', () => {
    // Over one octave n steps to it come to n + 2 numbers at most, the one above it among them.
    const ladders = [16, 12, 8, 6, 5, 4, 3, 2, 1];
    const octaves = fc.integer({ min: 1, max: 4096 }).chain((least) =>
      fc.array(
        fc.record({
          examples: fc.constant(8),
          tokens: fc.integer({ min: least, max: 2 * least }),
        }),
        { minLength: 1, maxLength: 200, size: 'max' },
      ),
    );
    fc.assert(
      fc.property(octaves, fc.integer({ min: 3, max: 20 }), (all, most) => {
        const buckets = new RowBuckets(all, most);
        const step = 2 ** (1 / ladders.find((n) => n + 2 <= most)!);
        for (const { tokens } of all)
          expect(buckets.rowsFor(tokens)).toBeLessThanOrEqual(eights(tokens * step));
      }),
    );
  });

  it('are a tenth nobody’s at most in a run of 11 shapes over lengths as they come', () => {
    // Sums of 32 lengths: within half an octave nearly always, and one smaller batch an epoch.
    const all = Array.from({ length: 500 }, (_, i) => {
      const examples = i % 100 === 99 ? 13 : 32;
      const lengths = Array.from({ length: examples }, (_, j) => 5 + ((i * 131 + j * j * 17) % 41));
      return { examples, tokens: lengths.reduce((a, b) => a + b, 0), work: 'last' };
    });
    const buckets = new RowBuckets(all, 11);
    expect(countShapes(all, (tokens) => buckets.rowsFor(tokens))).toBeLessThanOrEqual(11);
    expect(1 - buckets.tokens / buckets.rows).toBeLessThan(0.1);
  });

  it('are counted, of the batches that they are made for', () => {
    fc.assert(
      fc.property(batches, mostShapes, (all, most) => {
        const buckets = new RowBuckets(all, most);
        expect(buckets.tokens).toBe(all.reduce((sum, { tokens }) => sum + tokens, 0));
        const rows = all.map(({ tokens }) => buckets.rowsFor(tokens));
        expect(buckets.rows).toBe(rows.reduce((sum, each) => sum + each, 0));
      }),
    );
  });

  it('are those of their tokens where nothing is known of other batches', () => {
    const { rows, tokens, ...buckets } = new RowBuckets([], 1);
    expect([rows, tokens, buckets]).toEqual([0, 0, {}]);
    expect(new RowBuckets([], 1).rowsFor(37)).toBe(37);
  });
});

// What callers without types can pass.
// biome-ignore lint/suspicious/noExplicitAny: that is what this is about
const Untyped = RowBuckets as any;

it.each<[readonly unknown[], RegExp]>([
  [[undefined, 3], /^batches must be an array of \{ examples, tokens \}, but it is undefined/],
  [[[null], 3], /^batches\[0\] must be sizes of a batch, \{ examples, tokens \}, but it is null/],
  [[[{ examples: 1, tokens: 2 }, {}], 3], /^batches\[1\] must be sizes .* without examples/],
  [[[{ examples: 0, tokens: 2 }], 3], /^batches\[0\]'s examples must be an integer of at least 1/],
  [[[{ examples: 1, tokens: 1.5 }], 3], /^batches\[0\]'s tokens must be an integer of at least 1/],
  [[[], 0], /^mostShapes must be an integer of at least 1, but it is 0/],
  [[[]], /^mostShapes must be an integer of at least 1, but it is undefined/],
])('buckets of %o are refused', (all, message) => {
  const make = () => new Untyped(...all);
  expect(make).toThrow(UsageError);
  expect(make).toThrow(message);
});

it.each([0, -1, 2.5, Number.NaN, '8'])('there are no rows of %o tokens', (tokens) => {
  const buckets = new Untyped([{ examples: 1, tokens: 5 }], 3);
  expect(() => buckets.rowsFor(tokens)).toThrow(UsageError);
});
