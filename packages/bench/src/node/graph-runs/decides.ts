import type { Decides } from '../runs/deciding.js';
import { RUN_DECIDES } from '../runs/run-decides.js';
import type { GraphRunSettings } from './settings.js';

/** What each option of a training run decides: one that is added is added here, or does not compile. */
export const GRAPH_RUN_DECIDES: Readonly<Record<keyof GraphRunSettings, Decides>> = {
  dataset: 'content',
  layers: 'made',
  hidden: 'made',
  dropout: 'made',
  dropInput: 'made',
  batchNorm: 'made',
  residual: 'made',
  alpha: 'made',
  lambda: 'made',
  separateWeights: 'made',
  normalizeRows: 'content',
  epochs: 'made',
  learningRate: 'made',
  penalty: 'made',
  convolutionPenalty: 'made',
  patience: 'made',
  evaluateEvery: 'numbers',
  batch: 'numbers',
  model: 'made',
  ...RUN_DECIDES,
};
