import { type Decides, RUN_DECIDES } from '@sketchgrad/bench/node';
import type { FinetuneOptions } from './finetune.js';

/** What each option of `finetune` decides: one that is added is added here, or does not compile. */
export const FINETUNE_DECIDES: Readonly<Record<keyof FinetuneOptions, Decides>> = {
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
  memoryBudget: 'numbers',
  budgetOf: 'numbers',
  noiseBudget: 'numbers',
  candidates: 'made',
  choice: 'content',
  model: 'content',
  ...RUN_DECIDES,
};
