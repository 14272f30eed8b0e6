import type { Decides } from '../runs/deciding.js';
import { RUN_DECIDES } from '../runs/run-decides.js';
import type { TaskRunSettings } from './settings.js';

/** What each option of `finetune` decides: one that is added is added here, or does not compile. */
export const TASK_RUN_DECIDES: Readonly<Record<keyof TaskRunSettings, Decides>> = {
  task: 'numbers',
  epochs: 'numbers',
  learningRate: 'numbers',
  accumulate: 'numbers',
  clipNorm: 'numbers',
  newHead: 'content',
  maxExamples: 'content',
  maxDevExamples: 'content',
  randomWeights: 'content',
  batchSize: 'numbers',
  sequence: 'numbers',
  padTo: 'numbers',
  lastLayer: 'numbers',
  memoryBudget: 'numbers',
  budgetOf: 'numbers',
  noiseBudget: 'numbers',
  candidates: 'made',
  choice: 'content',
  model: 'content',
  ...RUN_DECIDES,
};
