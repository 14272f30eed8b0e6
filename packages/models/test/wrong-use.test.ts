import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sentenceShape, trace, UsageError } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { refusesNonsense } from '@sketchgrad/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as models from '../src/index.js';
import * as ofFolders from '../src/node/index.js';
import { readNetwork } from './graph/geometric-fixture.js';

// What callers without types can pass.
// biome-ignore lint/suspicious/noExplicitAny: that is what this is about
const functions = { ...models, ...ofFolders } as any;

const model = await ofFolders.loadClassifier('minilm', { labels: 2, randomWeights: true });
const { network, data, rows } = await readNetwork('gcn');
const batch = {
  ...{ ...sentenceShape(1, 2), starts: Int32Array.of(0, 2), tokenIds: Int32Array.of(1, 2) },
  ...{ tokenTypeIds: new Int32Array(2), attentionMask: Int32Array.of(1, 1) },
};
const state = createReferenceBackend().createState();

/** Functions and methods, each with right arguments but for places that are not to be found. */
const RIGHT: Readonly<Record<string, readonly [(...all: never[]) => unknown, unknown[]]>> = {
  loadClassifier: [functions.loadClassifier, ['/nowhere', {}]],
  parseClassifier: [functions.parseClassifier, [{ config: '{}' }, {}]],
  modelFiles: [functions.modelFiles, ['/nowhere']],
  longestSequence: [functions.longestSequence, [model.config]],
  formatConfig: [functions.formatConfig, [model.config]],
  readConfig: [functions.readConfig, ['/nowhere', {}]],
  openCheckpoint: [functions.openCheckpoint, ['/nowhere']],
  openSafetensors: [functions.openSafetensors, ['/nowhere']],
  readSafetensors: [
    functions.readSafetensors,
    [{ name: 'none', size: 0, read: () => undefined, close: () => undefined }],
  ],
  formatSafetensors: [functions.formatSafetensors, ['name', []]],
  writeSafetensors: [functions.writeSafetensors, ['/nowhere/x', []]],
  writeFileAtomically: [functions.writeFileAtomically, ['/nowhere/x', async () => undefined]],
  writeConfig: [functions.writeConfig, ['/nowhere', model.config]],
  normalizedAdjacency: [functions.normalizedAdjacency, [data.graph]],
  'model.inputs': [(given) => model.inputs(given), [batch]],
  'model.initialize': [
    (...all) => model.initialize(...(all as [never, never])),
    [state, { seed: 1 }],
  ],
  'model.files': [(given) => model.files(given), [state]],
  saveClassifier: [functions.saveClassifier, [model, '/nowhere/x', state]],
  'model.build': [
    (given) => trace(() => model.build(given)),
    [{ shape: sentenceShape(1, 2), training: false }],
  ],
  'network.batch': [(...all) => network.batch(...(all as [never, never])), [data, rows]],
  'network.build': [
    (given) => trace(() => network.build(given)),
    [{ shape: network.batch(data, rows).shape, training: false }],
  ],
  'new GraphNetwork': [(given) => new functions.GraphNetwork(given), [network.config]],
};

// A text may be a place to write to.
const here = process.cwd();
let elsewhere: string;
beforeAll(() => {
  elsewhere = mkdtempSync(join(tmpdir(), 'sketchgrad-wrong-use-'));
  process.chdir(elsewhere);
});
afterAll(() => {
  process.chdir(here);
  rmSync(elsewhere, { recursive: true });
});

describe('nonsense is refused by name', () => {
  it.each(Object.entries(RIGHT))('%s', (_, [called, right]) => refusesNonsense(called, right));
});

it('members of an argument too', () => {
  const wrong = (change: object) => () => model.inputs({ ...batch, ...change });
  expect(wrong({ tokenIds: [1, 2] })).toThrow(
    "the batch's tokenIds must be of type Int32Array, but it is an array of 2",
  );
  expect(wrong({ attentionMask: { length: 2 } })).toThrow(UsageError);
  expect(wrong({ batchSize: 0 })).toThrow('batchSize must be');
  const shape = { batchSize: 1, rows: Number.NaN, longest: 1 };
  expect(() => trace(() => model.build({ shape, training: true }))).toThrow('rows must be');
  const misspelt = { shape: sentenceShape(1, 2), trainign: true } as never;
  expect(() => trace(() => model.build(misspelt))).toThrow("no option 'trainign' (did you mean");
  for (const graph of [{}, { ...data.graph, rowPointers: [0] }])
    expect(() => network.batch({ ...data, graph } as never, rows)).toThrow(UsageError);
});
