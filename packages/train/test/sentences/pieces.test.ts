import { UsageError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { indicesOf, lengthsOf, tokensOf, withRows } from '../../src/sentences/pieces.js';
import { tinyData } from '../tiny-model.js';

const data = tinyData({ count: 9 });

describe('a piece of an order', () => {
  const order = Uint32Array.of(8, 3, 5, 0, 1, 2, 4, 6, 7);

  it('has its examples, or those of the data as they come', () => {
    expect(indicesOf(order, { start: 1, end: 4 })).toEqual([3, 5, 0]);
    expect(indicesOf(undefined, { start: 1, end: 4 })).toEqual([1, 2, 3]);
  });

  it('has as many tokens as its batch', () => {
    const lengths = lengthsOf(data);
    expect([...lengths]).toEqual([2, 3, 4, 5, 2, 3, 4, 5, 2]);
    for (const own of [order, undefined])
      for (const piece of [
        { start: 0, end: 4 },
        { start: 4, end: 5 },
        { start: 8, end: 9 },
      ])
        expect(tokensOf(lengths, own, piece)).toBe(data.batch(indicesOf(own, piece)).rows);
  });
});

describe('a batch with so many rows', () => {
  const batch = { ...data.batch([3, 0]), tokenTypeIds: Int32Array.of(0, 0, 1, 1, 1, 0, 1) };

  it('has zeros behind its last example, and all else as it was', () => {
    expect(withRows(batch, { rows: 9, longest: 6 })).toEqual({
      ...batch,
      ...{ rows: 9, longest: 6, starts: Int32Array.of(0, 5, 7) },
      tokenIds: Int32Array.of(...batch.tokenIds, 0, 0),
      tokenTypeIds: Int32Array.of(0, 0, 1, 1, 1, 0, 1, 0, 0),
      attentionMask: Int32Array.of(1, 1, 1, 1, 1, 1, 1, 0, 0),
    });
    expect(withRows(batch, { rows: 7, longest: 5 })).toEqual(batch);
  });

  it('is refused where it has more tokens than its data said', () => {
    for (const sizes of [
      { rows: 6, longest: 5 },
      { rows: 7, longest: 4 },
    ]) {
      expect(() => withRows(batch, sizes)).toThrow(UsageError);
      expect(() => withRows(batch, sizes)).toThrow(
        `a batch has 7 rows and 5 tokens in its longest example, but by the data's lengthOf() at most ${sizes.rows} and ${sizes.longest}`,
      );
    }
  });
});
