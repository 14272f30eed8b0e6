import type { NodeDataset } from '@sketchgrad/datasets';
import type { GraphNetwork } from '@sketchgrad/models';
import { expect, test } from 'vitest';
import type { GraphTrainingSettings } from '../../src/node/graph-runs/settings.js';
import { trainingSettings } from '../../src/node/graph-runs/training-settings.js';

const network = { config: { dropout: 0.25 } } as GraphNetwork;
const settingsOf = (name: string, options: object = {}) =>
  trainingSettings(options as GraphTrainingSettings, { name } as NodeDataset, network);

test('settings are the published ones', () => {
  expect(settingsOf('cora', { model: 'gcn2' })).toEqual({
    ...{ published: 'cora', normalizeRows: true, penalty: 5e-4, convolutionPenalty: 0.01 },
    ...{ dropout: 0.25, learningRate: 0.01, epochs: 1500, patience: 100, selectBy: 'loss' },
  });
  expect(settingsOf('cora', { model: 'gcn' })).toEqual({
    ...{ published: 'cora', normalizeRows: true, penalty: 5e-4, convolutionPenalty: null },
    ...{ dropout: 0.25, learningRate: 0.01, epochs: 200, patience: null, selectBy: 'score' },
  });
});

test('each setting that is said takes the place of the published one', () => {
  const said = {
    ...{ normalizeRows: false, penalty: 0.5, convolutionPenalty: 0.25 },
    ...{ learningRate: 0.125, epochs: 7, patience: 3 },
  };
  expect(settingsOf('cora', { model: 'gcn2', ...said })).toMatchObject(said);
});
