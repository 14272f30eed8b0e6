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
  it('lays out every example once, in order, one behind the other, padded only where asked for', () => {
    const setting = fc.array(example, { maxLength: 12 }).chain((rows) =>
      fc.record({
        rows: fc.constant(rows),
        order: fc.shuffledSubarray(rows.map((_, index) => index)),
        batchSize: fc.integer({ min: 1, max: 5 }),
        padTo: fc.constantFrom(undefined, 64, 70),
      }),
    );
    fc.assert(
      fc.property(setting, ({ rows, order, batchSize, padTo }) => {
        const data = encoded(rows);
        const padding = padTo === undefined ? {} : { padTo };
        const all = [...batches(data, { batchSize, order, ...padding })];
        expect(all.flatMap(({ indices }) => [...indices])).toEqual(order);
        expect(all.map((batch) => batch.batchSize)).toEqual(
          all.map((_, index) => Math.min(batchSize, order.length - index * batchSize)),
        );
        for (const batch of all) {
          const encodings = [...batch.indices].map((index) => data.encodings[index]!);
          const lengths = encodings.map(({ tokenIds }) => padTo ?? tokenIds.length);
          expect(batch.longest).toBe(Math.max(...lengths));
          expect([...batch.starts]).toEqual([
            0,
            ...lengths.map((_, at) => lengths.slice(0, at + 1).reduce((a, b) => a + b, 0)),
          ]);
          encodings.forEach((encoding, at) => {
            const [start, end] = batch.starts.slice(at, at + 2);
            const cut = (values: Int32Array) => [...values.slice(start, end)];
            const padded = (values: Int32Array, by: number) => [
              ...values,
              ...new Array(lengths[at]! - values.length).fill(by),
            ];
            expect(cut(batch.tokenIds)).toEqual(padded(encoding.tokenIds, 99_999));
            expect(cut(batch.tokenTypeIds)).toEqual(padded(encoding.tokenTypeIds, 0));
            expect(cut(batch.attentionMask)).toEqual(padded(encoding.attentionMask, 0));
            expect(batch.labels?.[at]).toBe(rows[batch.indices[at]!]!.label);
          });
          // No row belongs to nobody.
          expect(batch.rows).toBe(batch.starts.at(-1));
          for (const array of [batch.tokenIds, batch.tokenTypeIds, batch.attentionMask])
            expect(array).toHaveLength(batch.rows);
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

  it('gives scores as floats, and none where there are no labels', () => {
    const scored = encoded([{ first: 'a', label: 2.5 }], { task: 'stsb' });
    expect([...batches(scored, { batchSize: 1 })][0]?.labels).toEqual(Float32Array.of(2.5));
    const blind = encoded([{ first: 'a', label: null }]);
    expect([...batches(blind, { batchSize: 1 })][0]).not.toHaveProperty('labels');
  });

  it('refuses sizes, padding and orders that make no sense, before the first batch', () => {
    const data = encoded([{ first: 'abcdef', label: 0 }]);
    for (const batchSize of [0, -1, 1.5, Number.NaN]) {
      expect(() => batches(data, { batchSize })).toThrow(UsageError);
    }
    for (const padTo of [0, 7.5, Number.NaN])
      expect(() => batches(data, { batchSize: 1, padTo })).toThrow(
        /^padTo must be an integer of at least 1/,
      );
    expect(() => batches(data, { batchSize: 1, order: [0, 1] })).toThrow(/order\[1\] is 1/);
    expect(() => batches(data, { batchSize: 1, order: [-1] })).toThrow(/one of the 1 examples/);
    expect(() => batches(data, { batchSize: 1, padTo: 5 })).toThrow(
      /^example 0 has 6 tokens, more than padTo, 5: encode with a smaller maxLength, or pad to more$/,
    );
    expect([...batches(data, { batchSize: 1, padTo: 6 })]).toHaveLength(1);
  });
});

describe('batchSource', () => {
  const rows = ['a'.repeat(20), 'b', 'c'.repeat(40)].map((first) => ({ first, label: 2 }));

  it('gives the examples that are asked for, and says how many tokens each has', () => {
    const source = batchSource(encoded(rows));
    expect(source.length).toBe(3);
    expect(source.labels).toEqual(Int32Array.of(2, 2, 2));
    expect([0, 1, 2].map((index) => source.lengthOf(index))).toEqual([20, 1, 40]);
    expect(source.batch([1, 0])).toMatchObject({
      ...{ batchSize: 2, rows: 21, longest: 20, labels: Int32Array.of(2, 2) },
      ...{ indices: Int32Array.of(1, 0), starts: Int32Array.of(0, 1, 21) },
    });
    expect(source.batch([1, 2]).tokenIds).toHaveLength(41);
  });

  it('counts padding among tokens where it pads, though nothing attends to it', () => {
    const source = batchSource(encoded(rows), { padTo: 64 });
    expect([0, 1, 2].map((index) => source.lengthOf(index))).toEqual([64, 64, 64]);
    const { attentionMask, ...batch } = source.batch([1, 0]);
    expect(batch).toMatchObject({
      ...{ rows: 128, longest: 64, starts: Int32Array.of(0, 64, 128) },
    });
    expect(attentionMask.reduce((sum, mask) => sum + mask, 0)).toBe(21);
    expect(batch.tokenIds.filter((id) => id === characters.padId)).toHaveLength(128 - 21);
  });

  it('refuses indices that there are not', () => {
    for (const options of [{}, { padTo: 64 }]) {
      const source = batchSource(encoded(rows), options);
      expect(() => source.batch([0, 3])).toThrow('there is no example 3: expected');
      expect(() => source.batch([-1])).toThrow(UsageError);
      expect(() => source.lengthOf(0.5)).toThrow(UsageError);
    }
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
