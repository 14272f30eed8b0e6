import { UsageError } from '@sketchgrad/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batches,
  batchSource,
  type EncodedExamples,
  type Example,
  encodeExamples,
  glueTask,
  sequenceBuckets,
  type Tokenizer,
} from '../src/index.js';

/** A tokenizer whose tokens are characters: enough to see what becomes of them. */
const characters: Tokenizer = {
  source: 'characters',
  padToken: '\0',
  padId: 99_999,
  vocabularySize: 100_000,
  added: { single: 0, pair: 0 },
  encode: (first, second = '', maxLength) => {
    const text = (first + second).slice(0, maxLength);
    return {
      tokenIds: Int32Array.from({ length: text.length }, (_, index) => text.charCodeAt(index)),
      tokenTypeIds: Int32Array.from({ length: text.length }, (_, index) =>
        index < first.length ? 0 : 1,
      ),
      attentionMask: new Int32Array(text.length).fill(1),
      truncated: text.length < first.length + second.length,
    };
  },
};

function encoded(
  rows: readonly Example[],
  { task = 'mnli', maxLength = 64 } = {},
): EncodedExamples {
  return encodeExamples({ task: glueTask(task), rows }, characters, { maxLength });
}

const example = fc.record({
  first: fc.string({ maxLength: 80 }),
  second: fc.string({ maxLength: 20 }),
  label: fc.nat({ max: 2 }),
});

describe('batches', () => {
  it('lays out every example once, in order, padded to the smallest bucket that fits', () => {
    const setting = fc.array(example, { maxLength: 12 }).chain((rows) =>
      fc.record({
        rows: fc.constant(rows),
        order: fc.shuffledSubarray(rows.map((_, index) => index)),
        batchSize: fc.integer({ min: 1, max: 5 }),
      }),
    );
    fc.assert(
      fc.property(setting, ({ rows, order, batchSize }) => {
        const data = encoded(rows);
        const buckets = sequenceBuckets(64);
        const all = [...batches(data, { batchSize, order })];
        expect(all.flatMap(({ indices }) => [...indices])).toEqual(order);
        expect(all.map((batch) => batch.batchSize)).toEqual(
          all.map((_, index) => Math.min(batchSize, order.length - index * batchSize)),
        );
        for (const batch of all) {
          const encodings = [...batch.indices].map((index) => data.encodings[index]!);
          const longest = Math.max(...encodings.map(({ tokenIds }) => tokenIds.length));
          expect(batch.sequence).toBe(buckets.find((bucket) => bucket >= longest));
          encodings.forEach((encoding, row) => {
            const cut = <T extends Int32Array>(values: T) => [
              ...values.slice(row * batch.sequence, (row + 1) * batch.sequence),
            ];
            const padding = new Array(batch.sequence - encoding.tokenIds.length);
            expect(cut(batch.tokenIds)).toEqual([...encoding.tokenIds, ...padding.fill(99_999)]);
            expect(cut(batch.tokenTypeIds)).toEqual([...encoding.tokenTypeIds, ...padding.fill(0)]);
            expect(cut(batch.attentionMask)).toEqual([
              ...encoding.attentionMask,
              ...padding.fill(0),
            ]);
            expect(batch.labels?.[row]).toBe(rows[batch.indices[row]!]!.label);
          });
          expect(batch.tokenIds).toHaveLength(batch.batchSize * batch.sequence);
          expect(batch.labels).toBeInstanceOf(Int32Array);
        }
      }),
    );
  });

  it('takes all examples in order unless told otherwise, and can be walked twice', () => {
    const data = encoded('abcde'.split('').map((first) => ({ first, label: 0 })));
    const pass = batches(data, { batchSize: 2 });
    for (let time = 0; time < 2; time++) {
      expect([...pass].map(({ indices }) => [...indices])).toEqual([[0, 1], [2, 3], [4]]);
    }
  });

  it('takes the buckets that it is given, in any order', () => {
    const data = encoded([{ first: 'abcdef', label: 0 }]);
    expect([...batches(data, { batchSize: 1, buckets: [9, 7, 5] })][0]?.sequence).toBe(7);
  });

  it('gives scores as floats, and none where there are no labels', () => {
    const scored = encoded([{ first: 'a', label: 2.5 }], { task: 'stsb' });
    expect([...batches(scored, { batchSize: 1 })][0]?.labels).toEqual(Float32Array.of(2.5));
    const blind = encoded([{ first: 'a', label: null }]);
    expect([...batches(blind, { batchSize: 1 })][0]).not.toHaveProperty('labels');
  });

  it('refuses sizes, buckets and orders that make no sense, before the first batch', () => {
    const data = encoded([{ first: 'abcdef', label: 0 }]);
    for (const batchSize of [0, -1, 1.5, Number.NaN]) {
      expect(() => batches(data, { batchSize })).toThrow(UsageError);
    }
    expect(() => batches(data, { batchSize: 1, buckets: [] })).toThrow(/buckets are \[\]/);
    expect(() => batches(data, { batchSize: 1, buckets: [8, 0] })).toThrow(/\[8, 0\]/);
    expect(() => batches(data, { batchSize: 1, order: [0, 1] })).toThrow(/order\[1\] is 1/);
    expect(() => batches(data, { batchSize: 1, order: [-1] })).toThrow(/one of the 1 examples/);
    expect(() => [...batches(data, { batchSize: 1, buckets: [4] })]).toThrow(
      /example 0 has 6 tokens, more than the longest bucket, 4/,
    );
  });
});

describe('batchSource', () => {
  const rows = ['a'.repeat(20), 'b', 'c'.repeat(40)].map((first) => ({ first, label: 2 }));

  it('gives the examples that are asked for, padded to the bucket of the longest', () => {
    const source = batchSource(encoded(rows), { buckets: [16, 32, 64] });
    expect(source.length).toBe(3);
    expect(source.labels).toEqual(Int32Array.of(2, 2, 2));
    expect([0, 1, 2].map((index) => source.sequenceOf(index))).toEqual([32, 16, 64]);
    const batch = source.batch([1, 0]);
    expect(batch).toMatchObject({ batchSize: 2, sequence: 32, labels: Int32Array.of(2, 2) });
    expect(batch).toMatchObject({ indices: Int32Array.of(1, 0) });
    expect(source.batch([1, 2]).tokenIds).toHaveLength(128);
  });

  it('refuses indices that there are not', () => {
    const source = batchSource(encoded(rows));
    expect(() => source.batch([0, 3])).toThrow('there is no example 3: expected');
    expect(() => source.batch([-1])).toThrow(UsageError);
    expect(() => source.sequenceOf(0.5)).toThrow(UsageError);
  });
});

describe('encodeExamples', () => {
  it('counts the rows that were cut', () => {
    const rows = ['abcdef', 'abc', 'abcd'].map((first) => ({ first, label: 1 }));
    expect(encoded(rows, { maxLength: 3 })).toMatchObject({ truncated: 2, maxLength: 3 });
  });

  it('refuses rows of which only some have labels', () => {
    const rows = [
      { first: 'a', label: 1 },
      { first: 'b', label: null },
    ];
    expect(() => encoded(rows)).toThrow('1 of 2 mnli rows have no label');
  });
});

describe('sequenceBuckets', () => {
  it('steps by 16 to 64, then twice an octave', () => {
    expect(sequenceBuckets(512)).toEqual([16, 32, 48, 64, 96, 128, 192, 256, 384, 512]);
    expect(sequenceBuckets(128)).toEqual([16, 32, 48, 64, 96, 128]);
    expect(sequenceBuckets(100)).toEqual([16, 32, 48, 64, 96, 100]);
    expect(sequenceBuckets(5)).toEqual([5]);
    expect(() => sequenceBuckets(0)).toThrow(UsageError);
  });
});
