import { describeNetwork, networkFor } from '@sketchgrad/bench/node';
import type { NodeDataset } from '@sketchgrad/datasets';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addSharedOptions, type SharedOptions } from '../../src/options/shared.js';
import { addTrainingOptions, type TrainingOptions } from '../../src/options/training.js';
import { addWaysOptions, type WaysOptions, waysOf } from '../../src/options/ways.js';

const silent = () => new Command().exitOverride().configureOutput({ writeErr: () => undefined });
const shared = (...words: readonly string[]) =>
  addSharedOptions(silent()).parse(words, { from: 'user' }).opts<SharedOptions>();
const training = (...words: readonly string[]) =>
  addTrainingOptions(silent()).parse(words, { from: 'user' }).opts<TrainingOptions>();
const waysFor = (...words: readonly string[]) => {
  const command = addSharedOptions(addWaysOptions(silent(), 'dense,rmm:count:0.5'));
  return waysOf(command.parse(words, { from: 'user' }).opts<WaysOptions>());
};

/** As much of a data set as a network is made from. */
const dataOf = ({ dataset }: SharedOptions) =>
  ({
    ...{ name: dataset, features: { rows: 5, columns: 7 }, classes: 3, multiLabel: true },
  }) as unknown as NodeDataset;
const configOf = (...words: readonly string[]) => {
  const options = shared(...words);
  return networkFor(options, dataOf(options)).config;
};

test('a network has the published settings, and each of them can be said', () => {
  expect(configOf('--dataset', 'cora')).toMatchObject({
    ...{ model: 'gcn', inputs: 7, classes: 3, multiLabel: true, layers: 2, hidden: 16 },
    ...{ dropout: 0.5, dropInput: true, batchNorm: false, residual: false },
  });
  expect(configOf('--dataset', 'ogbn-arxiv', '--model', 'gcn2')).toMatchObject({
    ...{ model: 'gcn2', layers: 16, hidden: 256, dropout: 0.1, dropInput: false },
    ...{ batchNorm: true, residual: true, alpha: 0.5, lambda: 1, sharedWeights: true },
  });
  const said = [
    ...['--dataset', 'ogbn-arxiv', '--model', 'gcn2', '--layers', '5', '--hidden', '9'],
    ...['--dropout', '0.25', '--no-batch-norm', '--no-residual', '--alpha', '0.2'],
    ...['--lambda', '1.5', '--separate-weights'],
  ];
  expect(configOf(...said)).toMatchObject({
    ...{ layers: 5, hidden: 9, dropout: 0.25, batchNorm: false, residual: false },
    ...{ alpha: 0.2, lambda: 1.5, sharedWeights: false },
  });
  expect(configOf('--dataset', 'cora', '--no-drop-input').dropInput).toBe(false);
  expect(configOf('--dataset', 'other', '--drop-input').dropInput).toBe(true);
  expect(configOf('--batch-norm', '--residual', '--dropout', '0', '--dataset', 'cora')).toEqual(
    expect.objectContaining({ batchNorm: true, residual: true, dropout: 0 }),
  );
});

test('a network is told by its data set, model, layers and width', () => {
  const options = shared('--dataset', 'cora', '--model', 'gcn2');
  const network = networkFor(options, dataOf(options));
  expect(describeNetwork(options, network)).toBe('cora, gcn2 64 × 64');
});

test('clusters are parts, and parts in a step', () => {
  expect(training('--batch', 'clusters:32').batch).toEqual({ parts: 32, perBatch: 1 });
  expect(training('--batch', 'clusters:32:4').batch).toEqual({ parts: 32, perBatch: 4 });
  expect(training('--batch', 'clusters:4:4').batch).toEqual({ parts: 4, perBatch: 4 });
  // Said or not, so that a run that is resumed has the same settings.
  for (const words of [[], ['--batch', 'full']]) expect(training(...words).batch).toBe('full');
  for (const wrong of ['clusters:0', 'clusters:4:0', 'clusters', 'clusters:2:x'])
    expect(() => training('--batch', wrong), wrong).toThrow(/neither full nor clusters/);
  expect(() => training('--batch', 'clusters:4:5')).toThrow(
    '5 parts in a step are more than the 4 parts of',
  );
});

test('a share is at least 0 and below 1', () => {
  expect(shared('--dropout', '0').dropout).toBe(0);
  expect(shared('--dropout', '0.999').dropout).toBe(0.999);
  for (const wrong of ['1', '-0.1', '', 'half', 'NaN'])
    expect(() => shared(`--dropout=${wrong}`), wrong).toThrow(/at least 0 and below 1/);
});

test('what is trained with where nothing is said', () => {
  expect(training()).toEqual(
    expect.objectContaining({
      ...{ dataset: 'wordnet', model: 'gcn', backend: 'cpu', seed: 0, recompute: 'cheap' },
      ...{ evaluateEvery: 1, saveEvery: 20, resume: false, download: false, json: false },
    }),
  );
});

test('ways are those of --ways, or of --estimator with what else is told', () => {
  const estimator = { estimator: 'rmm', sketch: 'count', rate: 0.5 };
  const plain = { everyLayer: false, keep: {}, recompute: 'cheap' };
  expect(waysFor()).toMatchObject([
    { estimator: { estimator: 'dense' }, keep: {}, recompute: 'cheap' },
    { estimator, keep: {}, recompute: 'cheap' },
  ]);
  expect(
    waysFor('--estimator', 'rmm:count:0.5', '--keep', 'norm=8', '--recompute', 'block'),
  ).toEqual([expect.objectContaining({ estimator, keep: { norm: 8 }, recompute: 'block' })]);
  expect(waysFor('--ways', 'dense; rmm:count:0.5 norm=4 none')).toMatchObject([
    { ...plain, estimator: { estimator: 'dense' } },
    { ...plain, estimator, keep: { norm: 4 }, recompute: 'none' },
  ]);
});
