import {
  type Backend,
  checkBackend,
  checkCount,
  checkEstimators,
  checkFlag,
  checkKeepChoice,
  checkOneOf,
  checkOptions,
  checkPositive,
  checkState,
  checkWord,
  describeValue,
  nearName,
  type OptionNames,
  RECOMPUTE_MODES,
  type RecomputeMode,
  UsageError,
} from '@sketchgrad/core';
import { type Budget, budgetOf } from '../budget/budget.js';
import { checkCandidates } from '../budget/candidates.js';
import { checkedData } from '../checks/checked-data.js';
import {
  checkCallbacks,
  checkCheckpoint,
  checkInputs,
  checkSchedule,
  checkSignal,
} from '../checks/kinds.js';
import { metrics } from '../metrics/evaluate.js';
import type { TrainingData } from '../model.js';
import { type AdamWOptions, adamwOptions } from '../optimizer/adamw.js';
import { PRIORITY_POLICIES, type PriorityPolicy } from '../priorities/policy.js';
import { checkProbe } from '../probe/options.js';
import { linearSchedule } from '../schedules/linear.js';
import type { Schedule } from '../schedules/schedule.js';
import { EpochCut } from './epoch-cut.js';
import type { EvaluationOptions, FineTuneOptions } from './options.js';

/** A run's options, checked, with the defaults filled in. */
export interface Settings {
  readonly options: FineTuneOptions;
  readonly backend: Backend;
  readonly data: TrainingData;
  readonly cut: EpochCut;
  readonly epochs: number;
  /** Updates of the whole run. */
  readonly totalSteps: number;
  readonly learningRate: number;
  readonly schedule: Schedule;
  readonly optimizer: AdamWOptions;
  readonly recompute: RecomputeMode;
  readonly priorities: PriorityPolicy;
  readonly seed: number;
  /** By which estimators are chosen; undefined where they are given. */
  readonly budget: Budget | undefined;
}

/** The examples of an evaluation, {@link checkedData}. @throws UsageError for those or scores that are none */
export function checkedEvaluation({ data, metrics: names }: EvaluationOptions): TrainingData {
  const checked = checkedData('the evaluation data', data);
  if (!Array.isArray(names))
    throw new UsageError(`metrics must be an array of names, but it is ${describeValue(names)}`);
  for (const name of names)
    if (!Object.hasOwn(metrics, name))
      throw new UsageError(
        `there is no metric ${describeValue(name)}${nearName(String(name), Object.keys(metrics))}; there are ${Object.keys(metrics).join(', ')}`,
      );
  return checked;
}

/** Every option of `fineTune`. */
const OPTIONS: OptionNames<FineTuneOptions> = {
  ...{ backend: true, data: true, evaluation: true, epochs: true, learningRate: true },
  ...{ batchSize: true, schedule: true, optimizer: true, estimator: true, everyLayer: true },
  ...{ priorities: true, candidates: true, probe: true, keep: true, recompute: true, seed: true },
  ...{ clipNorm: true, accumulate: true, checkpoint: true, resume: true, signal: true },
  ...{ onSearch: true, onChoice: true, onStep: true, onEpoch: true, onWarning: true, state: true },
  ...{ memoryBudget: true, budgetOf: true, noiseBudget: true, inputs: true },
};

/**
 * The options with data whose batches are checked.
 * @throws UsageError for what is not of the kind that its name promises
 */
function ofTheirKinds(options: FineTuneOptions): FineTuneOptions {
  checkOptions('fineTune', options, OPTIONS);
  checkBackend('backend', options.backend);
  const data = checkedData('the training data', options.data);
  checkSchedule(options.schedule);
  checkInputs(options.inputs);
  checkSignal(options.signal);
  const { estimator, checkpoint, candidates, state } = options;
  let { evaluation } = options;
  if (estimator !== undefined) checkEstimators('estimator', estimator);
  if (state !== undefined) checkState('state', state);
  if (evaluation !== undefined) {
    checkOptions('evaluation', evaluation, { data: true, metrics: true });
    evaluation = { ...evaluation, data: checkedEvaluation(evaluation) };
    // The first one says which epoch is best.
    if (evaluation.metrics.length === 0)
      throw new UsageError(
        `metrics is empty: name at least one of ${Object.keys(metrics).join(', ')}`,
      );
  }
  if (checkpoint !== undefined)
    checkCheckpoint(checkpoint, { directory: true, everySteps: true, keep: true });
  if (candidates !== undefined) checkCandidates(candidates);
  for (const name of ['resume', 'everyLayer'] as const) checkFlag(name, options[name]);
  const { onSearch, onChoice, onStep, onEpoch, onWarning } = options;
  checkCallbacks({ onSearch, onChoice, onStep, onEpoch, onWarning });
  return { ...options, data, ...(evaluation ? { evaluation } : {}) };
}

/** @throws UsageError for an option that no run can have */
export function checkedSettings(asked: FineTuneOptions): Settings {
  const options = ofTheirKinds(asked);
  const { backend, data, epochs = 3, learningRate = 5e-5, batchSize = 32 } = options;
  const { recompute = 'cheap', seed = 0, clipNorm, accumulate = 1, checkpoint } = options;
  const { priorities = 'example' } = options;
  checkCount('epochs', epochs);
  checkCount('batchSize', batchSize);
  checkCount('accumulate', accumulate);
  if (batchSize % accumulate !== 0)
    throw new UsageError(
      `accumulate must divide batchSize, but ${batchSize} examples cannot be cut into ${accumulate} equal parts`,
    );
  checkPositive('learningRate', learningRate);
  if (clipNorm !== undefined) checkPositive('clipNorm', clipNorm);
  checkWord('seed', seed);
  checkOneOf('recompute', recompute, RECOMPUTE_MODES);
  checkOneOf('priorities', priorities, PRIORITY_POLICIES);
  if (options.probe !== undefined) checkProbe(options.probe, accumulate);
  if (checkpoint?.everySteps !== undefined) checkCount('everySteps', checkpoint.everySteps);
  if (options.resume && !checkpoint)
    throw new UsageError('resume needs checkpoint: the directory of the run to continue');

  if (options.keep !== undefined)
    checkKeepChoice(options.keep as Readonly<Record<string, number | undefined>>);
  const budget = budgetOf(options);
  if (budget && options.estimator)
    throw new UsageError('a budget chooses the estimators: pass it or estimator, not both');
  if (budget && options.everyLayer)
    throw new UsageError('a budget chooses the estimators: pass it or everyLayer, not both');
  if (options.candidates?.length === 0)
    throw new UsageError('candidates is empty; a budget needs at least one to choose from');
  if (options.candidates && !budget)
    throw new UsageError(
      'candidates has no use without a budget: pass memoryBudget or noiseBudget, or leave it out',
    );

  const cut = new EpochCut(data.length, batchSize, accumulate);
  return {
    options,
    backend,
    data,
    cut,
    epochs,
    totalSteps: epochs * cut.updates,
    learningRate,
    schedule: options.schedule ?? linearSchedule({ warmup: 0.06 }),
    optimizer: adamwOptions(options.optimizer),
    recompute,
    priorities,
    budget,
    seed,
  };
}
