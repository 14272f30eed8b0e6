import {
  addRunFolderOptions,
  estimatorOption,
  positiveNumber,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import type { RunFolderOptions } from '@sketchgrad/bench/node';
import type { EstimatorSpec } from '@sketchgrad/train/language';
import type { Command } from 'commander';
import { addBudgetOptions, type BudgetOptions } from './budget.js';
import { addChoiceOption, type ChoiceOption } from './choice.js';
import { addNewHeadOption, type NewHeadOption } from './new-head.js';
import { addSharedOptions, type SharedOptions } from './shared.js';
import { addTaskOptions, type TaskOptions } from './task.js';

/** What `finetune` is told. */
export interface FinetuneOptions
  extends SharedOptions,
    TaskOptions,
    BudgetOptions,
    ChoiceOption,
    NewHeadOption,
    RunFolderOptions {
  readonly estimator: EstimatorSpec;
  readonly epochs: number;
  readonly learningRate: number;
  readonly accumulate: number;
  readonly clipNorm?: number;
  readonly maxExamples?: number;
  readonly maxDevExamples?: number;
}

/** Declares the options. */
export function addFinetuneOptions(command: Command): Command {
  const declared = addTaskOptions(command, 'what to learn')
    .option('--max-examples <n>', 'train on the first so many (default: all)', wholeNumber(1))
    .option(
      '--max-dev-examples <n>',
      'evaluate on the first so many (default: all)',
      wholeNumber(1),
    )
    .option('--epochs <n>', 'passes over the examples', wholeNumber(1), 3)
    .option('--learning-rate <rate>', 'its peak, after the warm-up', positiveNumber(), 5e-5)
    .option('--accumulate <n>', 'pieces into which each batch is cut', wholeNumber(1), 1)
    .option(
      '--clip-norm <norm>',
      "largest norm of a step's gradients (default: any)",
      positiveNumber(),
    )
    .addOption(estimatorOption('--estimator <name>', 'of the weight gradients', 'dense'));
  addRunFolderOptions(declared, {
    folder: 'a new folder for checkpoints, then for the model and run.json',
    resume: 'continue the run in --out',
    unit: 'steps',
    usual: 200,
  });
  return addSharedOptions(addChoiceOption(addBudgetOptions(addNewHeadOption(declared))), {
    batchSize: 32,
    sequence: 128,
  });
}
