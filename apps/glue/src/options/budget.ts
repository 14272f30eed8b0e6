import {
  estimatorList,
  orInvalid,
  positiveNumber,
  refuseUnused,
} from '@sketchgrad/bench/command-line';
import type { EstimatorOptions } from '@sketchgrad/bench/node';
import {
  BUDGETED,
  type Budgeted,
  byteSize,
  type Candidate,
  defaultCandidates,
  type FineTuneOptions,
} from '@sketchgrad/train';
import {
  buildEstimator,
  type EstimatorSpec,
  formatEstimator,
  settleEstimator,
} from '@sketchgrad/train/language';
import { type Command, Option } from 'commander';

/** Options by which estimators are chosen by layer. */
export interface BudgetOptions {
  /** Bytes. */
  readonly memoryBudget?: number;
  readonly budgetOf: Budgeted;
  readonly noiseBudget?: number;
  readonly candidates?: readonly EstimatorSpec[];
}

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
        .default('peak'),
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
      const { memoryBudget, noiseBudget } = declared.opts<BudgetOptions>();
      if (memoryBudget === undefined)
        refuseUnused(declared, ['budgetOf'], 'without --memory-budget');
      if (memoryBudget === undefined && noiseBudget === undefined)
        refuseUnused(declared, ['candidates'], 'without --memory-budget or --noise-budget');
    });

/** The budget as fineTune takes it; empty where there is none. */
export function budgetOption(
  options: BudgetOptions & EstimatorOptions,
): Pick<FineTuneOptions, 'memoryBudget' | 'noiseBudget' | 'budgetOf' | 'candidates'> {
  const { memoryBudget, noiseBudget, budgetOf } = options;
  if (memoryBudget === undefined && noiseBudget === undefined) return {};
  const candidates =
    options.candidates?.map((spec): Candidate => {
      const choice = settleEstimator(spec, options);
      return { name: formatEstimator(choice), estimator: buildEstimator(choice) };
    }) ?? defaultCandidates();
  if (memoryBudget === undefined) return { noiseBudget, candidates };
  // With its unit, as it was typed with one.
  return { memoryBudget: `${memoryBudget}B`, budgetOf, candidates };
}
