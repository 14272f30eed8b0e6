import {
  type Backend,
  checkKeepChoice,
  RECOMPUTE_MODES,
  type RecomputeMode,
  UsageError,
} from '@sketchgrad/core';
import { type Budget, budgetOf } from '../budget/budget.js';
import { metrics } from '../metrics/evaluate.js';
import type { TrainingData } from '../model.js';
import { type AdamWOptions, adamwOptions } from '../optimizer/adamw.js';
import { PRIORITY_POLICIES, type PriorityPolicy } from '../priorities/policy.js';
import { checkProbe } from '../probe/options.js';
import { linearSchedule } from '../schedules/linear.js';
import type { Schedule } from '../schedules/schedule.js';
import { checkCount } from './check-count.js';
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

function checkPositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value)))
    throw new UsageError(`${name} must be a number above 0, but it is ${value}`);
}

function checkExamples(what: string, data: TrainingData): void {
  if (data.length < 1) throw new UsageError(`the ${what} is empty; it needs at least one example`);
}

export function checkEvaluation({ data, metrics: names }: EvaluationOptions): void {
  checkExamples('evaluation data', data);
  for (const name of names)
    if (!Object.hasOwn(metrics, name))
      throw new UsageError(
        `there is no metric '${name}'; there are ${Object.keys(metrics).join(', ')}`,
      );
}

/** @throws UsageError for an option that no run can have */
export function checkedSettings(options: FineTuneOptions): Settings {
  const { backend, data, epochs = 3, learningRate = 5e-5, batchSize = 32 } = options;
  const { recompute = 'cheap', seed = 0, clipNorm, accumulate = 1, checkpoint } = options;
  const { priorities = 'example' } = options;
  checkExamples('training data', data);
  checkCount('epochs', epochs);
  checkCount('batchSize', batchSize);
  checkCount('accumulate', accumulate);
  if (batchSize % accumulate !== 0)
    throw new UsageError(
      `accumulate must divide batchSize, but ${batchSize} examples cannot be cut into ${accumulate} equal parts`,
    );
  checkPositive('learningRate', learningRate);
  if (clipNorm !== undefined) checkPositive('clipNorm', clipNorm);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff)
    throw new UsageError(`seed must be an integer from 0 to 4294967295, but it is ${seed}`);
  if (!RECOMPUTE_MODES.includes(recompute))
    throw new UsageError(
      `recompute must be one of ${RECOMPUTE_MODES.join(', ')}, but it is '${recompute}'`,
    );
  if (!PRIORITY_POLICIES.includes(priorities))
    throw new UsageError(
      `priorities must be one of ${PRIORITY_POLICIES.join(', ')}, but it is '${priorities}'`,
    );
  if (options.probe) checkProbe(options.probe, accumulate);
  if (checkpoint?.everySteps !== undefined) checkCount('everySteps', checkpoint.everySteps);
  if (options.resume && !checkpoint)
    throw new UsageError('resume needs checkpoint: the directory of the run to continue');
  if (options.evaluation) checkEvaluation(options.evaluation);

  checkKeepChoice({ ...options.keep });
  const budget = budgetOf(options);
  if (budget && options.estimator)
    throw new UsageError('a budget chooses the estimators: pass it or estimator, not both');
  if (budget && options.everyLayer)
    throw new UsageError('a budget chooses the estimators: pass it or everyLayer, not both');
  if (options.candidates?.length === 0)
    throw new UsageError('candidates is empty; a budget needs at least one to choose from');

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
