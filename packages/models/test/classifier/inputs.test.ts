import { DataError, type SentenceBatch, sentenceShape, UsageError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { loadClassifier } from '../../src/node/index.js';
import { fixtureFolder } from './transformers-fixture.js';

const bert = await loadClassifier('bert-base', { randomWeights: true, labels: 3 });
const roberta = await loadClassifier('roberta-base', { randomWeights: true, labels: 'regression' });

const batch = (changes: Partial<SentenceBatch> = {}): SentenceBatch => ({
  ...sentenceShape(2, 3),
  starts: Int32Array.of(0, 3, 6),
  tokenIds: Int32Array.of(7, 8, 9, 7, 9, 1),
  tokenTypeIds: new Int32Array(6),
  attentionMask: Int32Array.of(1, 1, 1, 1, 1, 0),
  ...changes,
});

/** One example of so many tokens. */
const long = (tokens: number): SentenceBatch => ({
  ...sentenceShape(1, tokens),
  starts: Int32Array.of(0, tokens),
  tokenIds: new Int32Array(tokens),
  tokenTypeIds: new Int32Array(tokens),
  attentionMask: new Int32Array(tokens).fill(1),
});

describe('positions', () => {
  it('of BERT are places in the sequence', () => {
    expect(bert.inputs(batch()).positionIds).toEqual(Int32Array.of(0, 1, 2, 0, 1, 2));
    const packed = batch({ starts: Int32Array.of(0, 1, 5), longest: 4 });
    expect(bert.inputs(packed).positionIds).toEqual(Int32Array.of(0, 0, 1, 2, 3, 0));
  });

  it('of RoBERTa count tokens after the padding token, which keeps its own', () => {
    expect(roberta.inputs(batch()).positionIds).toEqual(Int32Array.of(2, 3, 4, 2, 3, 1));
    const padded = batch({ tokenIds: Int32Array.of(1, 1, 5, 5, 1, 6) });
    expect(roberta.inputs(padded).positionIds).toEqual(Int32Array.of(1, 1, 2, 2, 1, 3));
    const packed = batch({ starts: Int32Array.of(0, 1, 5), longest: 4 });
    expect(roberta.inputs(packed).positionIds).toEqual(Int32Array.of(2, 2, 3, 4, 5, 0));
  });
});

it('has no token types where the model tells none apart, whatever the batch says', async () => {
  const distilbert = await loadClassifier(fixtureFolder('distilbert-classification'));
  const inputs = distilbert.inputs(batch({ tokenTypeIds: Int32Array.of(0, 1, 1, 0, 7, 0) }));
  const names = ['tokenIds', 'positionIds', 'starts', 'attentionMask', 'labels'];
  expect(Object.keys(inputs)).toEqual(names);
  expect(inputs.positionIds).toEqual(Int32Array.of(0, 1, 2, 0, 1, 2));
});

it('refuses a tokenizer that pads otherwise where positions count by the padding token', () => {
  roberta.checkTokenizer({ source: 'tokenizer', padId: 1 });
  expect(() => roberta.checkTokenizer({ source: 'tokenizer', padId: 0 })).toThrow(DataError);
  expect(() => roberta.checkTokenizer({ source: 'tokenizer', padId: 0 })).toThrow(
    /tokenizer: .*pads with token 0 and the model's config\.json says 1/,
  );
  expect(() => bert.checkTokenizer({ source: 'tokenizer', padId: 5 })).not.toThrow();
});

describe('labels', () => {
  it('have the dtype of the problem', () => {
    expect(bert.inputs(batch({ labels: Int32Array.of(0, 2) })).labels).toEqual(Int32Array.of(0, 2));
    expect(bert.inputs(batch({ labels: Float32Array.of(1, 2) })).labels).toEqual(
      Int32Array.of(1, 2),
    );
    expect(roberta.inputs(batch({ labels: Float32Array.of(0.5, -2) })).labels).toEqual(
      Float32Array.of(0.5, -2),
    );
  });

  it('may be left out for predictions', () => {
    expect(bert.inputs(batch()).labels).toEqual(Int32Array.of(0, 0));
    expect(roberta.inputs(batch()).labels).toEqual(Float32Array.of(0, 0));
  });
});

describe('a batch that the model cannot read', () => {
  it.each<[string, SentenceBatch, RegExp]>([
    ['sequence', long(513), /513 tokens.*512 positions/],
    ['length', batch({ tokenIds: new Int32Array(5) }), /tokenIds has 5 numbers, not 6/],
    ['starts', batch({ starts: Int32Array.of(0, 3) }), /starts have 2 numbers, not 2 \+ 1/],
    ['beginning', batch({ starts: Int32Array.of(1, 3, 6) }), /from 1 to 6.*begin at 0/],
    ['end', batch({ starts: Int32Array.of(0, 3, 7) }), /from 0 to 7.*end at 6 at most/],
    ['empty example', batch({ starts: Int32Array.of(0, 3, 3) }), /example 1.*0 tokens.*1 to 3/],
    ['longest', batch({ starts: Int32Array.of(0, 4, 6) }), /example 0.*4 tokens.*1 to 3/],
    [
      'row behind the last example',
      batch({ starts: Int32Array.of(0, 3, 5), tokenIds: Int32Array.of(1, 1, 1, 1, 1, -1) }),
      /token id -1 in row 5, behind the last example,.*0 to 30521/,
    ],
    ['mask', batch({ attentionMask: new Int32Array(7) }), /attentionMask has 7 numbers/],
    [
      'token',
      batch({ tokenIds: Int32Array.of(1, 30522, 1, 1, 1, 1) }),
      /30522 at position 1 of example 0 of the batch.*0 to 30521/,
    ],
    ['token below 0', batch({ tokenIds: Int32Array.of(1, 1, -1, 1, 1, 1) }), /-1.*0 to 30521/],
    ['type', batch({ tokenTypeIds: Int32Array.of(0, 0, 0, 2, 0, 0) }), /type id 2.*0 to 1/],
    ['label', batch({ labels: Int32Array.of(0, 3) }), /label 3 of example 1.*0 to 2/],
    ['part of a label', batch({ labels: Float32Array.of(0.5, 1) }), /label 0.5 of example 0/],
    ['labels', batch({ labels: Int32Array.of(0) }), /batch of 2 examples has 1 labels/],
  ])('is refused for its %s', (_, wrong, message) => {
    expect(() => bert.inputs(wrong)).toThrow(UsageError);
    expect(() => bert.inputs(wrong)).toThrow(message);
  });

  it('is refused by the rows of the data, where it says which they are', () => {
    const indices = Int32Array.of(40, 7);
    const label = batch({ indices, labels: Int32Array.of(0, 3) });
    expect(() => bert.inputs(label)).toThrow('label 3 of row 7 of the data is not one');
    const token = batch({ indices, tokenIds: Int32Array.of(1, 1, 1, 1, 30522, 1) });
    expect(() => bert.inputs(token)).toThrow('token id 30522 at position 1 of row 7 of the data');
  });

  it('is refused for a label that is no number', () => {
    const wrong = batch({ labels: Float32Array.of(1, Number.NaN) });
    expect(() => roberta.inputs(wrong)).toThrow(/label NaN of example 1.*finite numbers/);
  });

  it('has labels that are looked at before there is a batch', () => {
    expect(() => bert.checkLabels(Int32Array.of(0, 1, 2))).not.toThrow();
    expect(() => bert.checkLabels(Int32Array.of(0, 1, 3))).toThrow(UsageError);
    expect(() => bert.checkLabels(Int32Array.of(0, 1, 3))).toThrow(
      /^label 3 of row 2 of the data is not one of the model's; accepted: whole numbers from 0 to 2/,
    );
    expect(() => bert.checkLabels([0] as never)).toThrow(/^labels must be a typed array/);
    expect(() => roberta.checkLabels(Float32Array.of(-1, Number.NaN))).toThrow(/NaN of row 1/);
  });
});
