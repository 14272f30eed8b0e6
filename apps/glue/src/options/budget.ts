import {
  estimatorList,
  orInvalid,
  positiveNumber,
  refuseUnused,
} from '@sketchgrad/bench/command-line';
import { type BudgetSettings, TASK_DEFAULTS } from '@sketchgrad/bench/node';
import { BUDGETED, byteSize } from '@sketchgrad/train';
import { type Command, Option } from 'commander';

/** Declares them. */
export const addBudgetOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--memory-budget <bytes>',
        'choose estimators by layer with which a step fits by its plan: 425MB, 1.5GiB; what the process has resident besides (Node, data) is not counted',
      )
        .argParser((text) => orInvalid(() => byteSize(text)))
        .conflicts(['estimator', 'noiseBudget', 'choice']),
    )
    .addOption(
      new Option(
        '--budget-of <bytes>',
        'what --memory-budget bounds: the planned peak of a step (weights, optimizer and all that it works with), or what it keeps for its backward pass',
      )
        .choices(BUDGETED)
        .default(TASK_DEFAULTS.budgetOf),
    )
    .addOption(
      new Option(
        '--noise-budget <share>',
        'choose those that keep least and add no more than this times the variance of the batches',
      )
        .argParser(positiveNumber())
        .conflicts(['estimator', 'choice']),
    )
    .option(
      '--candidates <names>',
      'what a budget chooses among, as step takes its estimators (default: every estimator, with the sketches that vary least)',
      estimatorList,
    )
    .hook('preAction', (declared) => {
      const { memoryBudget, noiseBudget } = declared.opts<BudgetSettings>();
      if (memoryBudget === undefined)
        refuseUnused(declared, ['budgetOf'], 'without --memory-budget');
      if (memoryBudget === undefined && noiseBudget === undefined)
        refuseUnused(declared, ['candidates'], 'without --memory-budget or --noise-budget');
    });
