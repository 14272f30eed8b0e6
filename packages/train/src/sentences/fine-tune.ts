import { checkCount, checkOptions, type OptionNames, UsageError } from '@sketchgrad/core';
import { checkSentenceModel } from '../checks/kinds.js';
import { runSource, type TrainedRun } from '../run/train.js';
import { linearSchedule } from '../schedules/linear.js';
import { RUN_OPTIONS, type RunOptions } from '../settings/options.js';
import { type RunSettings, runSettings } from '../settings/settings.js';
import { checkedData, expectLabels } from './checked-data.js';
import { checkedJudging } from './checked-evaluation.js';
import { fingerprint } from './fingerprint.js';
import type { TrainableModel, TrainingData } from './model.js';
import { type EvaluationOptions, SentenceEvaluation } from './sentence-evaluation.js';
import { SentenceSource } from './sentence-source.js';

/**
 * Epochs are 3 unless given, the learning rate 5e-5, and the schedule linear decay after a warm-up over
 * the first 6 % of steps.
 */
export interface FineTuneOptions extends RunOptions {
  /** Examples with labels. */
  readonly data: TrainingData;
  readonly evaluation?: EvaluationOptions;
  /** Examples of one update; 32 unless given. An epoch's last batch may have fewer. */
  readonly batchSize?: number;
  /**
   * Micro-batches into which each batch is cut, one after the other, their gradients added up: less
   * memory, the same mean gradient up to rounding. Divides the batch size; 1 unless given.
   */
  readonly accumulate?: number;
}

/** What came of a run over sentences. */
export interface TrainingRun extends TrainedRun {
  /** The scores by name of the weights that the state has: the last evaluation's, or with `keepBest` the best one's; empty without evaluation. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The last evaluation's, in the order of its data: classes, or values for regression. */
  readonly predictions?: readonly number[];
  /**
   * The share of all batches' rows that belong to nobody: tokens are rounded up to few numbers of rows, so
   * that few graphs are compiled.
   */
  readonly emptyRows: number;
}

const OPTIONS: OptionNames<FineTuneOptions> = {
  ...RUN_OPTIONS,
  ...{ data: true, evaluation: true, batchSize: true, accumulate: true },
};

/**
 * Trains a model on sentences: AdamW over random batches, an evaluation after each epoch, checkpoints
 * where asked for. Every number of it follows from the options; a run that was stopped at any moment and
 * resumed from its checkpoints ends with the same bits as one that never was.
 *
 * @throws UsageError for options that do not fit, a store with an earlier run's checkpoints, or
 * a resumed run with other settings; PlanError before the first step where it does not fit in
 * memory; NonFiniteError for a loss or weight that is not finite; InterruptedError once the signal
 * is aborted; CheckpointError where a checkpoint cannot be written
 */
export async function fineTune(
  model: TrainableModel,
  options: FineTuneOptions,
): Promise<TrainingRun> {
  const { source, settings } = checkedRun(model, options);
  const run = await runSource(source, settings);
  const chosen = options.keepBest ? run.best : run.evaluations.at(-1);
  const { predictions } = source.evaluation ?? {};
  const { emptyRows } = source;
  return {
    ...{ ...run, metrics: chosen?.metrics ?? {}, emptyRows },
    ...(predictions ? { predictions } : {}),
  };
}

/** What a run steps through, and how. @throws UsageError for options that do not fit */
export function checkedRun(
  model: TrainableModel,
  options: FineTuneOptions,
): { readonly source: SentenceSource; readonly settings: RunSettings } {
  checkSentenceModel(model);
  checkOptions('fineTune', options, OPTIONS);
  const { data: given, evaluation: judging, batchSize = 32, accumulate = 1, ...rest } = options;
  const { epochs = 3, learningRate = 5e-5, schedule = linearSchedule({ warmup: 0.06 }) } = rest;
  const data = checkedData('the training data', given);
  const evaluated = judging && checkedJudging(judging);
  checkCount('batchSize', batchSize);
  checkCount('accumulate', accumulate);
  if (batchSize % accumulate !== 0)
    throw new UsageError(
      `accumulate must divide batchSize, but ${batchSize} examples cannot be cut into ${accumulate} equal parts`,
    );
  const metrics = judging?.metrics ?? [];
  const evaluation = evaluated && new SentenceEvaluation(model, evaluated, { metrics, batchSize });
  const source = new SentenceSource(model, {
    ...{ data, seed: rest.seed ?? 0, batchSize, accumulate, epochs, evaluation },
    evaluated: evaluated ? { data: fingerprint(evaluated), metrics: [...metrics] } : null,
  });
  const settings = runSettings({ ...rest, epochs, learningRate, schedule }, source);
  expectLabels('the training data', data, model);
  if (evaluated) expectLabels('the evaluation data', evaluated, model);
  return { source, settings };
}
