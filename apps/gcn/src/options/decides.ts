import { type Decides, RUN_DECIDES } from '@sketchgrad/bench/command-line';
import type { RunOptions } from './training.js';

/** What each option of a training run decides: one that is added is added here, or does not compile. */
export const TRAINING_DECIDES: Readonly<Record<keyof RunOptions, Decides>> = {
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
