import { UsageError } from '@sketchgrad/core';
import { refusesNonsense } from '@sketchgrad/testing';
import { describe, expect, it } from 'vitest';
import * as datasets from '../src/index.js';
import * as ofNode from '../src/node/index.js';

const tokenizer = {
  padId: 0,
  encode: (first: string) => ({
    ...{ tokenIds: [...first].map(() => 1), tokenTypeIds: [...first].map(() => 0) },
    ...{ attentionMask: [...first].map(() => 1), truncated: false },
  }),
} as unknown as datasets.Tokenizer;

// What callers without types can pass.
// biome-ignore lint/suspicious/noExplicitAny: that is what this is about
const { tokenize, encodeExamples, ...rest } = { ...datasets, ...ofNode } as any;
const others = { ...rest, tokenize, encodeExamples };

describe('tokenize refuses', () => {
  const row = { first: 'a', label: 0 };
  it.each<[unknown[], RegExp]>([
    [
      [[{ text: 'a', label: 0 }], tokenizer, { maxLength: 8 }],
      /^row 0 must have a text as 'first', but it is undefined: the row is an object of text, label/,
    ],
    [
      [[row, 'a text'], tokenizer, { maxLength: 8 }],
      /^row 1 must be an object, \{ first: 'a text' \}, but it is 'a text'/,
    ],
    [
      [[row, undefined, row], tokenizer, { maxLength: 8 }],
      /^row 1 must be an object, .* but it is undefined/,
    ],
    [
      [[{ first: 3 }], tokenizer, { maxLength: 8 }],
      /^row 0 must have a text as 'first', but it is 3/,
    ],
    [
      [[{ first: 'a', second: 3 }], tokenizer, { maxLength: 8 }],
      /^row 0 must have a text, null or nothing as 'second', but it is 3/,
    ],
    [['a text', tokenizer, { maxLength: 8 }], /^rows must be an array of .* but it is 'a text'/],
    [
      [[row], 'tokenizer.json', { maxLength: 8 }],
      /^tokenizer must be a tokenizer, such as await loadTokenizer\(path\) gives, but it is 'tokenizer.json'/,
    ],
    [[[row], Promise.resolve(tokenizer), { maxLength: 8 }], /but it is a promise: await it/],
    [
      [[row], tokenizer],
      /^tokenize takes its options as an object, \{ maxLength, regression, labels, … \}, but they are undefined/,
    ],
    [[[row], tokenizer, 8], /but they are 8/],
    [
      [[row], tokenizer, { maxlength: 8 }],
      /^tokenize has no option 'maxlength' \(did you mean 'maxLength'\?\)/,
    ],
    [[[row], tokenizer, {}], /^maxLength must be an integer of at least 1, but it is undefined/],
    [[[row], tokenizer, { maxLength: 8, labels: 'praise' }], /^labels must be an array of names/],
    [[[row], tokenizer, { maxLength: 8, labels: ['a', 'a'] }], /^labels has 'a' twice/],
    [
      [[row], tokenizer, { maxLength: 8, labels: ['a', 2] }],
      /^labels\[1\] must be a text that is not empty, but it is 2/,
    ],
    [
      [[row], tokenizer, { maxLength: 8, padTo: '16' }],
      /^padTo must be an integer of at least 1, but it is '16'/,
    ],
    [[[row], tokenizer, { maxLength: 8, regression: 'yes' }], /^regression must be true or false/],
  ])('%o', (all, message) => {
    expect(() => tokenize(...all)).toThrow(UsageError);
    expect(() => tokenize(...all)).toThrow(message);
  });

  it('nothing where the second text is null or left out', () => {
    const seconds: unknown[] = [];
    const noting = {
      ...tokenizer,
      encode: (first: string, second: unknown, most: number) => {
        seconds.push(second);
        return tokenizer.encode(first, undefined, most);
      },
    };
    const rows = [{ first: 'a', second: null, label: 1 }, row, { ...row, second: 'b' }];
    expect(tokenize(rows, noting, { maxLength: 8 }).length).toBe(3);
    expect(seconds).toEqual([undefined, undefined, 'b']);
    expect(() => encodeExamples(row, tokenizer, { maxLength: 8 })).toThrow(
      /^examples must be examples, \{ task, rows \}/,
    );
  });
});

const ring = datasets.undirectedGraph(4, Int32Array.of(0, 1, 1, 2, 2, 3, 3, 0));
const dataset = {
  ...{ name: 'ring', graph: ring, classes: 2, multiLabel: false, metric: 'accuracy' },
  features: { columns: 1, data: new Float32Array(4) },
  labels: Int32Array.of(0, 1, 0, 1),
  split: { train: Int32Array.of(0, 1), valid: Int32Array.of(2), test: Int32Array.of(3) },
} as unknown as datasets.NodeDataset;
const partition = datasets.partitionGraph(ring, 2);
const encoded = datasets.encodeExamples(
  { task: datasets.wordNetTask, rows: [{ first: 'a', label: 0 }] },
  tokenizer,
  { maxLength: 8 },
);

/** Public functions, each with right arguments. */
const RIGHT: Readonly<
  Partial<Record<keyof typeof datasets | keyof typeof ofNode, readonly unknown[]>>
> = {
  tokenize: [[{ first: 'a', label: 0 }], tokenizer, { maxLength: 8 }],
  encodeExamples: [{ task: datasets.wordNetTask, rows: [] }, tokenizer, { maxLength: 8 }],
  batchSource: [encoded, { padTo: 8 }],
  batches: [encoded, { batchSize: 1, padTo: 8 }],
  parseTokenizer: [{ 'vocab.txt': '[UNK]\n[CLS]\n[SEP]\n[PAD]\n' }, {}],
  parseGlue: ['rte', 'dev', 'index\tsentence1\tsentence2\tlabel\n0\ta\tb\tentailment\n', {}],
  parseNpy: [new Uint8Array(12)],
  parseWordNet: [{ 'data.noun': '' }, { split: 'dev' }],
  parseWordNetGraph: [{ 'data.noun': '' }, {}],
  loadTokenizer: ['nowhere', {}],
  glueTask: ['cola'],
  readGlue: ['cola', 'train', 'nowhere'],
  hasGlueSplit: ['cola', 'train', 'nowhere'],
  readNodeDataset: ['nowhere', {}],
  datasetName: ['data/cora'],
  readWordNet: [{ split: 'dev', maxExamples: 1, directory: 'nowhere' }],
  readWordNetGraph: [{ directory: 'nowhere' }],
  undirectedGraph: [2, Int32Array.of(0, 1)],
  breadthFirstOrder: [ring],
  partitionGraph: [ring, 2],
  edgeCut: [ring, partition.partOf],
  clusterBatches: [dataset, partition, 1, [0, 0]],
  inducedDataset: [dataset, Int32Array.of(0, 1)],
  reorderedDataset: [dataset, Int32Array.of(0, 1, 2, 3)],
  nodeDatasetBytes: [dataset],
};

/** Options that are right read a graph for seconds: from nowhere they are known to be. */
const elsewhere = (options?: object) =>
  others.readWordNetGraph(
    options === undefined || Object.getPrototypeOf(options ?? '') === Object.prototype
      ? { ...options, directory: 'nowhere' }
      : options,
  );

describe('no public function throws a TypeError from inside:', () => {
  it.each(Object.entries(RIGHT))('%s', (name, right) =>
    refusesNonsense(name === 'readWordNetGraph' ? elsewhere : others[name], right),
  );
});
