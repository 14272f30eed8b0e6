import { describe, expect, test } from 'vitest';
import { networkDefaults, publishedFor } from '../../src/node/graph-runs/defaults.js';
import { penaltyOf } from '../../src/node/graph-runs/training-settings.js';

const plain = { batchNorm: false, residual: false, learningRate: 0.01 };

/** The settings of the papers, one by one, and what a parameter's L2 penalty is. */
const published = [
  [
    'cora gcn',
    { ...plain, layers: 2, hidden: 16, dropout: 0.5, dropInput: true, epochs: 200 },
    { 'convs.0.weight': 5e-4, 'convs.1.weight': 0, 'lin.weight': 0 },
  ],
  [
    'citeseer gcn',
    { ...plain, layers: 2, hidden: 16, dropout: 0.5, dropInput: true, epochs: 200 },
    { 'convs.0.weight': 5e-4, 'convs.1.weight': 0 },
  ],
  [
    'cora gcn2',
    {
      ...{ ...plain, layers: 64, hidden: 64, dropout: 0.6, dropInput: true, epochs: 1500 },
      ...{ patience: 100, selectBy: 'loss', alpha: 0.1, lambda: 0.5, sharedWeights: true },
    },
    { 'convs.0.weight1': 0.01, 'convs.63.weight1': 0.01, 'lins.0.weight': 5e-4 },
  ],
  [
    'citeseer gcn2',
    {
      ...{ ...plain, layers: 32, hidden: 256, dropout: 0.7, dropInput: true, epochs: 1500 },
      ...{ patience: 100, selectBy: 'loss', alpha: 0.1, lambda: 0.6 },
    },
    { 'convs.0.weight1': 0.01, 'lins.1.weight': 5e-4 },
  ],
  [
    'ogbn-arxiv gcn',
    {
      ...{ layers: 3, hidden: 256, dropout: 0.5, dropInput: false, epochs: 500 },
      ...{ batchNorm: true, residual: false, learningRate: 0.01, selectBy: 'score' },
    },
    { 'convs.0.weight': 0 },
  ],
  [
    'ogbn-arxiv gcn2',
    {
      ...{ layers: 16, hidden: 256, dropout: 0.1, dropInput: false, epochs: 1000 },
      ...{ batchNorm: true, residual: true, learningRate: 1e-3, alpha: 0.5, lambda: 1 },
    },
    { 'convs.0.weight1': 0 },
  ],
  ['ppi gcn', { layers: 3, hidden: 512, dropout: 0.2, epochs: 300, batchNorm: true }, {}],
  ['ppi gcn2', { layers: 9, hidden: 256, dropout: 0.2, epochs: 300, residual: true }, {}],
  ['wordnet gcn', { layers: 2, hidden: 128, dropout: 0.3, epochs: 100, batchNorm: true }, {}],
  [
    'a-folder gcn2',
    { layers: 4, hidden: 128, dropout: 0.1, epochs: 100, learningRate: 0.01, alpha: 0.5 },
    {},
  ],
] as const;

describe('the settings where the command line says nothing', () => {
  test.for(published)('%s', ([name, expected, penalties]) => {
    const [dataset, model] = name.split(' ') as [string, 'gcn' | 'gcn2'];
    const found = networkDefaults(dataset, model);
    expect(found).toEqual(expect.objectContaining(expected));
    const { penalty, convolutionPenalty } = found;
    const of = penaltyOf({
      penalty,
      convolutionPenalty: model === 'gcn' ? null : convolutionPenalty,
    });
    for (const [parameter, share] of Object.entries(penalties))
      expect(of(parameter), parameter).toBe(share);
    expect(found.normalizeRows).toBe(dataset === 'cora' || dataset === 'citeseer');
  });
});

test.for([
  ['cora', 'cora'],
  ['Cora', 'cora'],
  ['ogbn-arxiv', 'ogbn-arxiv'],
  ['ogbn_arxiv', 'ogbn-arxiv'],
  ['arxiv', 'ogbn-arxiv'],
  ['cora-2', undefined],
  ['constructor', undefined],
])('the folder %s has the settings of %s', ([name, expected]) =>
  expect(publishedFor(name!)).toBe(expected),
);
