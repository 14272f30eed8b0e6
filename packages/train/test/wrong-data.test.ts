import { dense, type NodeData, type SentenceBatch, UsageError } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import type { TrainingData } from '../src/index.js';
import * as train from '../src/index.js';
import { neighbourModel, ring } from './nodes/ring.js';
import { TinyModel, tinyData } from './tiny-model.js';

// What callers without types can pass.
// biome-ignore lint/suspicious/noExplicitAny: that is what this is about
const { fineTune, trainNodes, evaluate } = train as any;

const model = new TinyModel();
const backend = createReferenceBackend();
const data = tinyData({ count: 8 });
const base = { backend, data, epochs: 1, batchSize: 4 };

/** Data whose batches are changed. */
const changed = (change: (batch: SentenceBatch) => unknown): object => ({
  ...data,
  batch: (indices: number[]) => change(data.batch(indices)),
});

const WRONG: [string, (batch: SentenceBatch) => unknown, RegExp][] = [
  ['nothing', () => undefined, /must be a batch, \{ batchSize, .* \}, but it is undefined$/],
  ['an empty object', () => ({}), /must be a batch, .* but it is an empty object, without batchS/],
  ['a promise', async (batch) => batch, /must be a batch, .* but it is a promise: await it/],
  ['no mask', ({ attentionMask: _, ...batch }) => batch, /without attentionMask$/],
  [
    'another number of examples',
    (batch) => ({ ...batch, batchSize: batch.batchSize + 1 }),
    /must have the batchSize \d, as many examples as it is asked for, but it has \d$/,
  ],
  ['no rows', (batch) => ({ ...batch, rows: 0 }), /as its rows must be an integer/],
  ['no tokens', (batch) => ({ ...batch, longest: 0 }), /as its longest must be an integer/],
  [
    'another number of tokens',
    (batch) => ({ ...batch, tokenIds: batch.tokenIds.subarray(1) }),
    /must have as its tokenIds an Int32Array of \d+, but they are a Int32Array of \d+/,
  ],
  [
    'numbers of another kind',
    (batch) => ({ ...batch, attentionMask: Float32Array.from(batch.attentionMask) }),
    /as its attentionMask an Int32Array of \d+, but they are a Float32Array of \d+/,
  ],
  [
    'starts without an end',
    (batch) => ({ ...batch, starts: batch.starts.subarray(1) }),
    /must have as its starts an Int32Array of \d, but they are a Int32Array of \d/,
  ],
  [
    'starts that begin behind the first row',
    (batch) => ({ ...batch, starts: batch.starts.map((start) => start + 1) }),
    /must have starts from 0 to \d+ at most, as many as its rows, but they go from 1 to \d+$/,
  ],
  [
    'starts beyond its rows',
    (batch) => ({ ...batch, starts: batch.starts.map((start) => 2 * start), longest: 99 }),
    /must have starts from 0 to \d+ at most, as many as its rows, but they go from 0 to \d+$/,
  ],
  [
    'an example of no tokens',
    (batch) => ({ ...batch, starts: batch.starts.map((start, at) => (at === 1 ? 0 : start)) }),
    /must have 1 to \d tokens in each example, .* by its starts example 0 has 0$/,
  ],
  [
    'an example of more tokens than its longest',
    (batch) => ({ ...batch, longest: 1 }),
    /must have 1 to 1 tokens in each example, .* by its starts example 0 has [2-5]$/,
  ],
  [
    'labels that are no numbers',
    (batch) => ({ ...batch, labels: Array.from(batch.labels!) }),
    /as its labels an Int32Array or a Float32Array, but they are an array of \d/,
  ],
  [
    'another number of labels',
    (batch) => ({ ...batch, labels: Int32Array.of(0, 1, 2, 0, 1) }),
    /as its labels \d of them, but they are a Int32Array of 5/,
  ],
];

describe('data whose batch() gives', () => {
  it.each(WRONG)('%s is refused by name', async (_, change, message) => {
    const wrong = changed(change);
    const run = fineTune(model, { ...base, data: wrong });
    await expect(run).rejects.toThrow(UsageError);
    await expect(run).rejects.toThrow(/^what the training data's batch\(\) gives /);
    await expect(run).rejects.toThrow(message);
    const evaluation = { data: wrong, metrics: ['accuracy'] };
    const evaluated = fineTune(model, { ...base, evaluation });
    await expect(evaluated).rejects.toThrow(UsageError);
    await expect(evaluated).rejects.toThrow(/^what the evaluation data's batch\(\) gives /);
    await expect(evaluated).rejects.toThrow(message);
  });

  it('what it should, by a method of a class', async () => {
    class Own {
      readonly #source = data;
      readonly length = data.length;
      batch(indices: number[]) {
        return this.#source.batch(indices);
      }
      lengthOf(index: number) {
        return this.#source.lengthOf(index);
      }
    }
    const run = await fineTune(model, { ...base, data: new Own() });
    expect(run.loss).toEqual((await fineTune(model, base)).loss);
    const { state } = run;
    const { predictions } = await evaluate(model, { backend, state, data: new Own() });
    expect(predictions).toHaveLength(8);
  });
});

it.each<[object, RegExp]>([
  [{ length: 1.5 }, /^the training data's length must be how many examples there are, .* 1\.5/],
  [{ lengthOf: 3 }, /^the training data must be data with .* without lengthOf\(\)/],
  [{ lengthOf: () => 0 }, /^what the training data's lengthOf\(\d\) gives must be an integer/],
  [{ labels: ['a'] }, /^the training data's labels must be .* but they are an array of 1/],
  [{ labels: new Int32Array(3) }, /^the training data's labels must be .* a Int32Array of 3/],
])('data with %o is refused', async (change, message) => {
  const run = fineTune(model, { ...base, data: { ...data, ...change } });
  await expect(run).rejects.toThrow(UsageError);
  await expect(run).rejects.toThrow(message);
});

it.each([[[null]], [['hidden', undefined]], [['']]])('a probe of %o is refused', async (layers) => {
  const probe = { layers, estimator: dense(), onRecord() {} };
  const run = fineTune(model, { ...base, probe });
  await expect(run).rejects.toThrow(UsageError);
  await expect(run).rejects.toThrow(/^probe's layers\[\d\] must be a text that is not empty/);
});

describe('labels that are at hand', () => {
  /** A model that has logits for three classes, and says so. */
  const choosy = Object.assign(new TinyModel(), {
    checkLabels(labels: Int32Array) {
      const row = labels.findIndex((label) => label > 2);
      if (row >= 0) throw new UsageError(`label ${labels[row]} of row ${row}`);
    },
  });
  /** What computes nothing, so that a label was found before anything was. */
  const idle = { ...backend, plan: fail, compile: fail, createState: backend.createState };
  function fail(): never {
    throw new Error('nothing is to be computed');
  }
  const labelled = (labels: Int32Array | null): TrainingData => ({ ...data, labels });
  const right = labelled(Int32Array.from({ length: 8 }, (_, row) => row % 3));
  const wrong = labelled(Int32Array.of(0, 1, 2, 0, 1, 2, 0, 7));

  it('are looked at before anything is computed', async () => {
    const run = fineTune(choosy, { ...base, backend: idle, data: wrong });
    await expect(run).rejects.toThrow(/^label 7 of row 7$/);
    const evaluation = { data: wrong, metrics: ['accuracy'] };
    const evaluated = fineTune(choosy, { ...base, backend: idle, data: right, evaluation });
    await expect(evaluated).rejects.toThrow(/^label 7 of row 7$/);
  });

  it('and so are those that are not there', async () => {
    const run = fineTune(choosy, { ...base, backend: idle, data: labelled(null) });
    await expect(run).rejects.toThrow(/^the training data has no labels$/);
    const evaluation = { data: labelled(null), metrics: ['accuracy'] };
    const evaluated = fineTune(choosy, { ...base, backend: idle, data: right, evaluation });
    await expect(evaluated).rejects.toThrow(/^the evaluation data has no labels$/);
  });
});

describe('trainNodes refuses', () => {
  const nodes = ring();
  const { graph, features, split, labels } = nodes;
  const wrongLabel = Int32Array.from(labels);
  wrongLabel[split.test[2]!] = 3;
  it.each<[Partial<Record<keyof NodeData, unknown>>, RegExp]>([
    [{ graph: { ...graph, nodes: -1 } }, /^data's graph\.nodes must be an integer of at least 1/],
    [
      { graph: { ...graph, nodes: 5 } },
      /^data's graph\.rowPointers must be of type Int32Array and length 6, but it is a Int32Array of 25/,
    ],
    [
      { graph: { ...graph, rowPointers: {} } },
      /^data's graph\.rowPointers must be of type Int32Array/,
    ],
    [
      { graph: { ...graph, columnIndices: [] } },
      /^data's graph\.columnIndices must be of type Int32Array and length 48, but it is an array of 0/,
    ],
    [
      { features: { ...features, data: null } },
      /^data's features must be a matrix, .* without dat/,
    ],
    [
      { features: { columns: 4, data: {} } },
      /^data's features\.data must be of type Float32Array and length 96/,
    ],
    [{ features: { ...features, columns: 0 } }, /^data's features\.columns must be an integer/],
    [{ classes: 0 }, /^data's classes must be an integer of at least 1, but it is 0/],
    [
      { labels: [0, 1] },
      /^data's labels must be of type Int32Array or Uint8Array and length 24, .* array of 2/,
    ],
    [
      { split: { ...split, train: {} } },
      /^data's split\.train must be of type Int32Array, .* an empty/,
    ],
    [
      { split: { ...split, test: [1] } },
      /^data's split\.test must be of type Int32Array, .* an array/,
    ],
    [
      { split: { ...split, valid: Int32Array.of(0, 24) } },
      /^the split's part 'valid' has the node 24; there are 0 to 23/,
    ],
    [
      { labels: wrongLabel },
      /^node 8 of the split's part 'test' has 3 as its label; accepted: 0 to 2/,
    ],
    [
      { multiLabel: true, labels: new Uint8Array(72).fill(2) },
      /^node 0 of the split's part 'train' has 2 as its label 0; accepted: 0 or 1/,
    ],
  ])('%o', async (change, message) => {
    const run = trainNodes(neighbourModel, { backend, data: { ...nodes, ...change } });
    await expect(run).rejects.toThrow(UsageError);
    await expect(run).rejects.toThrow(message);
  });

  it.each<[unknown, RegExp]>([
    [undefined, /^what batches' of\(\) gives must be parts of a graph, .* but it is undefined/],
    [
      [undefined],
      /^each of what batches' of\(\) gives must be part of a graph, .* it is undefined/,
    ],
    [
      [{ nodes: Int32Array.of(0), dataset: nodes }],
      /gives as nodes must be of type Int32Array and length 24/,
    ],
    [[{ nodes: Int32Array.of(0), dataset: {} }], /gives as dataset must be a graph with labelled/],
  ])('parts that are %o', async (parts, message) => {
    const batches = { name: 'mine', of: () => parts };
    const run = trainNodes(neighbourModel, { backend, data: nodes, batches });
    await expect(run).rejects.toThrow(UsageError);
    await expect(run).rejects.toThrow(message);
  });
});
