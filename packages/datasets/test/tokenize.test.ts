import { UsageError } from '@sketchgrad/core';
import { expect, it } from 'vitest';
import { type Tokenizer, tokenize } from '../src/index.js';

/** A tokenizer whose tokens are words, numbered by their length. */
const words: Tokenizer = {
  source: 'words',
  padToken: '',
  padId: 0,
  vocabularySize: 100,
  added: { single: 0, pair: 0 },
  encode: (first, second = '', maxLength) => {
    const tokens = `${first} ${second}`.trim().split(' ');
    const tokenIds = Int32Array.from(tokens.slice(0, maxLength), ({ length }) => length);
    return {
      tokenIds,
      tokenTypeIds: new Int32Array(tokenIds.length),
      attentionMask: new Int32Array(tokenIds.length).fill(1),
      truncated: tokens.length > maxLength,
    };
  },
};

it('makes rows into batches with their labels', () => {
  const rows = [
    { first: 'a lovely film', label: 0 },
    { first: 'never', second: 'again', label: 1 },
  ];
  const data = tokenize(rows, words, { maxLength: 4, buckets: [4] });
  expect(data.length).toBe(2);
  const { tokenIds, attentionMask, labels } = data.batch([1, 0]);
  expect([...tokenIds]).toEqual([5, 5, 0, 0, 1, 6, 4, 0]);
  expect([...attentionMask]).toEqual([1, 1, 0, 0, 1, 1, 1, 0]);
  expect(labels).toEqual(Int32Array.of(1, 0));
});

it('keeps scores as they are, and rows without labels without', () => {
  const scored = tokenize([{ first: 'so so', label: 2.5 }], words, {
    maxLength: 4,
    regression: true,
  });
  expect(scored.batch([0]).labels).toEqual(Float32Array.of(2.5));
  expect(tokenize([{ first: 'so so' }], words, { maxLength: 4 }).batch([0]).labels).toBeUndefined();
});

it('wants labels for all rows or for none', () => {
  const rows = [{ first: 'so', label: 1 }, { first: 'so' }];
  expect(() => tokenize(rows, words, { maxLength: 4 })).toThrow(UsageError);
});
