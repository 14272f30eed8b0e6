import { UsageError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { batchSource, encodeExamples, glueTask, type Tokenizer, tokenize } from '../src/index.js';

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
  const data = tokenize(rows, words, { maxLength: 4 });
  expect(data.length).toBe(2);
  const { tokenIds, starts, attentionMask, labels } = data.batch([1, 0]);
  expect([...tokenIds]).toEqual([5, 5, 1, 6, 4]);
  expect([...starts]).toEqual([0, 2, 5]);
  expect([...attentionMask]).toEqual([1, 1, 1, 1, 1]);
  expect(labels).toEqual(Int32Array.of(1, 0));
  const padded = tokenize(rows, words, { maxLength: 4, padTo: 4 }).batch([1, 0]);
  expect([...padded.tokenIds]).toEqual([5, 5, 0, 0, 1, 6, 4, 0]);
  expect([...padded.starts]).toEqual([0, 4, 8]);
  expect([...padded.attentionMask]).toEqual([1, 1, 0, 0, 1, 1, 1, 0]);
});

it('keeps scores as they are, and rows without labels without', () => {
  const scored = tokenize([{ first: 'so so', label: 2.5 }], words, {
    maxLength: 4,
    regression: true,
  });
  expect(scored.batch([0]).labels).toEqual(Float32Array.of(2.5));
  expect(tokenize([{ first: 'so so' }], words, { maxLength: 4 }).batch([0]).labels).toBeUndefined();
});

describe('other columns of rows', () => {
  const options = { maxLength: 4 };

  it.each<[object, string]>([
    [{ first: 'so', lable: 1 }, "row 1 has 'lable' (did you mean 'label'?): nothing would look at"],
    [{ first: 'so', labels: 1 }, "row 1 has 'labels' (did you mean 'label'?)"],
    [{ first: 'so', Label: 1 }, "row 1 has 'Label' (did you mean 'label'?)"],
    [{ first: 'so', secnd: 'too', label: 1 }, "row 1 has 'secnd' (did you mean 'second'?)"],
    [{ first: 'so', secodn: 'too', label: 1 }, "row 1 has 'secodn' (did you mean 'second'?)"],
  ])('are refused where they are one that is missing, spelt amiss: %o', (row, message) => {
    const rows = [{ first: 'so', label: 1 }, row as { first: string }];
    const refused = () => tokenize(rows, words, options);
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(message);
  });

  it('are taken else', () => {
    const columns = {
      id: 3,
      level: 'a',
      score: 2,
      source: 'web',
      seconds: 4,
      table: 'b',
      text: '',
    };
    const rows = [
      { ...columns, first: 'so' },
      { first: 'so', second: 'too', secnd: 'old', label: null, Label: 4 },
    ];
    expect(tokenize(rows, words, options).batch([0, 1]).labels).toBeUndefined();
  });
});

describe('labels', () => {
  const names = ['praise', 'complaint'];
  const data = (labels: readonly unknown[], options = {}) =>
    tokenize(
      labels.map((label) => ({ first: 'so', label: label as number })),
      words,
      { maxLength: 4, ...options },
    );
  const labelsOf = (labels: readonly unknown[], options = {}) =>
    data(labels, options).batch(labels.map((_, row) => row)).labels;

  it('may be names of classes, where those are known', () => {
    const labels = ['complaint', 0, 'praise', 1];
    expect(labelsOf(labels, { labels: names })).toEqual(Int32Array.of(1, 0, 0, 1));
    const task = glueTask('mnli');
    const rows = [{ first: 'so', label: 'contradiction' }];
    const { labels: encoded } = encodeExamples({ task, rows }, words, { maxLength: 4 });
    expect(encoded).toEqual(Int32Array.of(2));
  });

  const notClasses = [
    'cat',
    '1',
    '',
    Number.NaN,
    0.7,
    -1,
    2 ** 32,
    2 ** 31,
    Number.POSITIVE_INFINITY,
    true,
    0n,
    {},
    [],
  ];

  it.each(notClasses)('are refused by row where they are no class: %s', (label) => {
    const shown = typeof label === 'string' ? `'${label}'` : String(label);
    const said = `row 1 has the label ${shown}: expected `;
    const accepted = "one of 'praise' (0), 'complaint' (1), or null for no label";
    for (const [options, expected] of [
      [{}, 'a class from 0 to 2147483647, or null for no label'],
      [{ labels: names }, accepted],
    ] as const) {
      expect(() => data([0, label], options)).toThrow(UsageError);
      expect(() => data([0, label], options)).toThrow(said + expected);
    }
    const rows = [{ first: 'so', label: label as number }];
    const encode = () => encodeExamples({ task: glueTask('cola'), rows }, words, { maxLength: 4 });
    expect(encode).toThrow(/row 0 has the label .*: expected one of 'unacceptable' \(0\), 'acc/);
  });

  it('are refused beyond the classes that there are', () => {
    expect(() => data([2], { labels: names })).toThrow(
      "row 0 has the label 2: expected one of 'pr",
    );
    expect(labelsOf([2])).toEqual(Int32Array.of(2));
  });

  it.each(['3', 'cat', Number.NaN, Number.POSITIVE_INFINITY, 1e39, true])(
    'are finite in a regression: %s',
    (label) => {
      expect(() => data([0, label], { regression: true })).toThrow(UsageError);
      expect(() => data([0, label], { regression: true })).toThrow(
        /row 1 has the label .*a finite n/,
      );
    },
  );

  it('of a regression may be below 0, or between whole numbers', () =>
    expect(labelsOf([-1, 0.7], { regression: true })).toEqual(Float32Array.of(-1, 0.7)));

  it.each([[null], [undefined]])('are none where all rows have none: %s', (none) => {
    expect(labelsOf([none, none])).toBeUndefined();
    const rows = [{ first: 'so', label: none }];
    const encoded = encodeExamples({ task: glueTask('cola'), rows }, words, { maxLength: 4 });
    expect(encoded.labels).toBeNull();
  });

  it.each([[null], [undefined]])('are there for all rows or for none: %s', (none) => {
    for (const options of [{}, { regression: true }]) {
      expect(() => data([1, none, 0, none], options)).toThrow(UsageError);
      expect(() => data([1, none, 0, none], options)).toThrow(
        '2 of 4 text rows have no label, the first of them is row 1: expected all or none',
      );
    }
  });

  it('are as many as there are examples', () => {
    const rows = [{ first: 'so' }, { first: 'la' }];
    const encoded = encodeExamples({ task: glueTask('cola'), rows }, words, { maxLength: 4 });
    expect(() => batchSource({ ...encoded, labels: Int32Array.of(1) })).toThrow(UsageError);
    expect(() => batchSource({ ...encoded, labels: Int32Array.of(1) })).toThrow(
      'there are 1 labels for 2 examples',
    );
  });
});
