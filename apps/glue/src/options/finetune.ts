import {
  addRunFolderOptions,
  estimatorOption,
  positiveNumber,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import { TASK_DEFAULTS, type TaskRunSettings } from '@sketchgrad/bench/node';
import type { Command } from 'commander';
import { addBudgetOptions } from './budget.js';
import { addChoiceOption } from './choice.js';
import { addNewHeadOption } from './new-head.js';
import { addPadToOption, addSharedOptions, type SharedOptions } from './shared.js';
import { addTaskOptions } from './task.js';

/** What `finetune` is told. */
export type FinetuneOptions = TaskRunSettings & SharedOptions;

/** Declares the options. */
export function addFinetuneOptions(command: Command): Command {
  const declared = addTaskOptions(command, 'what to learn')
    .option('--max-examples <n>', 'train on the first so many (default: all)', wholeNumber(1))
    .option(
      '--max-dev-examples <n>',
      'evaluate on the first so many (default: all)',
      wholeNumber(1),
    )
    .option('--epochs <n>', 'passes over the examples', wholeNumber(1), TASK_DEFAULTS.epochs)
    .option(
      '--learning-rate <rate>',
      'its peak, after the warm-up',
      positiveNumber(),
      TASK_DEFAULTS.learningRate,
    )
    .option(
      '--accumulate <n>',
      'pieces into which each batch is cut',
      wholeNumber(1),
      TASK_DEFAULTS.accumulate,
    )
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
    usual: TASK_DEFAULTS.saveEvery,
  });
  return addSharedOptions(
    addChoiceOption(addBudgetOptions(addNewHeadOption(addPadToOption(declared)))),
    {
      batchSize: TASK_DEFAULTS.batchSize,
      sequence: TASK_DEFAULTS.sequence,
    },
  );
}
