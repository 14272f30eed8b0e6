import {
  estimatorOption,
  positiveNumber,
  refuseUnused,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import type { EstimatorSpec } from '@sketchgrad/train/language';
import type { Command } from 'commander';
import type { FinetuneOptions } from './finetune.js';
import { addNewHeadOption, type NewHeadOption } from './new-head.js';
import { addPadToOption, addSharedOptions, type SharedOptions } from './shared.js';
import { addTaskOptions } from './task.js';

/** Rows kept of each by the estimator whose variance is told, as in the paper's figure 5. */
export const OBSERVED_RATE = 0.5;

/** What `variance` is told. */
export interface VarianceOptions
  extends SharedOptions,
    NewHeadOption,
    Pick<
      FinetuneOptions,
      'task' | 'data' | 'download' | 'maxExamples' | 'epochs' | 'learningRate' | 'padTo'
    > {
  /** Whose variance is looked at. */
  readonly estimator: EstimatorSpec;
  /** What the model is trained with. */
  readonly trained: EstimatorSpec;
  readonly layers?: readonly string[];
  /** Steps after which the run ends; all of them unless given. */
  readonly steps?: number;
  readonly every: number;
  readonly measured: number;
}

/** Declares the options; the defaults are as in the paper's figure 5, but for the model. */
export function addVarianceOptions(command: Command): Command {
  const declared = addTaskOptions(command, 'what to learn', 'cola')
    .option('--max-examples <n>', 'train on the first so many (default: all)', wholeNumber(1))
    .option('--epochs <n>', 'passes over the examples', wholeNumber(1), 3)
    .option('--steps <n>', 'end after so many steps (default: all epochs)', wholeNumber(1))
    .option('--learning-rate <rate>', 'its peak, after the warm-up', positiveNumber(), 5e-5)
    .addOption(
      estimatorOption(
        '--estimator <name>',
        'whose variance is told',
        'rmm',
        `rmm:gaussian:${OBSERVED_RATE}`,
      ),
    )
    .addOption(estimatorOption('--trained <name>', 'what the model is trained with', 'dense'))
    .option(
      '--layers <names>',
      "layers to look at, with commas (default: the last linear layer of the block at 7/12 of the model's depth)",
      nameList,
    )
    .option('--every <n>', 'steps from one that is looked at to the next', wholeNumber(1), 1)
    .option('--measured <n>', 'estimates by fresh keys to measure from too', wholeNumber(0), 1)
    .hook('preAction', (each) => {
      if (each.opts<VarianceOptions>().estimator.estimator === 'dense')
        refuseUnused(each, ['measured'], 'with dense: every estimate is the exact gradient');
    });
  return addSharedOptions(addPadToOption(addNewHeadOption(declared)), {
    ...{ batchSize: 64, sequence: 128, lastLayer: 'all' },
    rate: `${OBSERVED_RATE}; of --trained as in finetune`,
  });
}

const nameList = (text: string): string[] => text.split(',').map((name) => name.trim());
