import {
  type Backend,
  checkBackend,
  checkCount,
  checkEstimators,
  checkFlag,
  checkKeepChoice,
  checkMembers,
  checkOneOf,
  checkOptions,
  checkPositive,
  checkState,
  checkWord,
  type ObjectKind,
  RECOMPUTE_MODES,
  type RecomputeMode,
  UsageError,
} from '@sketchgrad/core';
import { type Budget, budgetOf } from '../budget/budget.js';
import { checkCandidates } from '../budget/candidates.js';
import { checkCallbacks, checkInputs, checkSchedule, checkSignal } from '../checks/kinds.js';
import { type Optimizer, optimizerOptions } from '../optimizer/optimizer.js';
import { PRIORITY_POLICIES, type PriorityPolicy } from '../priorities/policy.js';
import { checkProbe } from '../probe/options.js';
import { constantSchedule } from '../schedules/constant.js';
import type { Schedule } from '../schedules/schedule.js';
import type { StepSource } from '../source/step-source.js';
import { type CheckpointOptions, type RunOptions, SELECTIONS, type Selection } from './options.js';

/** A run's options, checked, with the defaults filled in. */
export interface RunSettings {
  readonly options: RunOptions;
  readonly backend: Backend;
  readonly epochs: number;
  /** Updates of the whole run; null where a source does not tell. */
  readonly totalSteps: number | null;
  readonly learningRate: number;
  readonly schedule: Schedule;
  readonly optimizer: Optimizer;
  readonly recompute: RecomputeMode;
  readonly priorities: PriorityPolicy;
  readonly seed: number;
  /** Between evaluations, in epochs or in steps. */
  readonly evaluateEvery: { readonly epochs: number } | { readonly steps: number };
  readonly selectBy: Selection;
  /** By which estimators are chosen; undefined where they are given. */
  readonly budget: Budget | undefined;
}

const STORE: ObjectKind = {
  accepted:
    "a store of checkpoints, such as new CheckpointFolder('run') of @sketchgrad/train/node or new CheckpointMemory()",
  members: {
    ...{ place: 'string', take: 'function', list: 'function' },
    ...{ save: 'function', openLatest: 'function' },
  },
};

function checkCheckpoint(checkpoint: CheckpointOptions): void {
  checkOptions('checkpoint', checkpoint, { store: true, everySteps: true, everyEpochs: true });
  checkMembers("checkpoint's store", checkpoint.store, STORE);
  for (const name of ['everySteps', 'everyEpochs'] as const)
    if (checkpoint[name] !== undefined) checkCount(name, checkpoint[name]);
}

/** @throws UsageError for what is not of the kind that its name promises */
function checkKinds(options: RunOptions): void {
  checkBackend('backend', options.backend);
  checkSchedule(options.schedule);
  checkInputs(options.inputs);
  checkSignal(options.signal);
  const { estimator, checkpoint, candidates, state, penalty } = options;
  if (estimator !== undefined) checkEstimators('estimator', estimator);
  if (state !== undefined) checkState('state', state);
  if (checkpoint !== undefined) checkCheckpoint(checkpoint);
  if (candidates !== undefined) checkCandidates(candidates);
  for (const name of ['resume', 'everyLayer', 'keepBest'] as const) checkFlag(name, options[name]);
  const { stopWhen, onSearch, onChoice, onStep, onEpoch, onEvaluation, onWarning } = options;
  checkCallbacks({
    penalty,
    stopWhen,
    onSearch,
    onChoice,
    onStep,
    onEpoch,
    onEvaluation,
    onWarning,
  });
}

/** @throws UsageError for what no run can be evaluated by */
function evaluations({ evaluateEvery = 1 }: RunOptions): RunSettings['evaluateEvery'] {
  if (typeof evaluateEvery !== 'object') {
    checkCount('evaluateEvery', evaluateEvery);
    return { epochs: evaluateEvery };
  }
  checkOptions('evaluateEvery', evaluateEvery, { steps: true });
  checkCount("evaluateEvery's steps", evaluateEvery.steps);
  return evaluateEvery;
}

/** @throws UsageError for options that ask for an evaluation where there is none */
function checkEvaluated(options: RunOptions, source: Pick<StepSource<object>, 'evaluation'>): void {
  for (const name of ['evaluateEvery', 'patience', 'keepBest', 'selectBy'] as const)
    if (!source.evaluation && options[name] !== undefined && options[name] !== false)
      throw new UsageError(`${name} has no use without an evaluation: pass one, or leave it out`);
}

/** @throws UsageError for a budget beside what it chooses, or what only a budget has a use for */
function checkedBudget(options: RunOptions): Budget | undefined {
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
  return budget;
}

/**
 * @param options with the defaults of the kind of run
 * @throws UsageError for an option that no run can have
 */
export function runSettings(
  options: RunOptions & Required<Pick<RunOptions, 'epochs' | 'learningRate'>>,
  source: Pick<StepSource<object>, 'updatesPerEpoch' | 'accumulates' | 'evaluation'>,
): RunSettings {
  checkKinds(options);
  const { backend, epochs, learningRate, clipNorm, patience, recompute = 'cheap' } = options;
  const { optimizerSteps } = options;
  const { seed = 0, priorities = 'example', selectBy = 'score', schedule } = options;
  checkCount('epochs', epochs);
  checkPositive('learningRate', learningRate);
  if (clipNorm !== undefined) checkPositive('clipNorm', clipNorm);
  if (patience !== undefined) checkCount('patience', patience);
  if (optimizerSteps !== undefined) checkWord('optimizerSteps', optimizerSteps);
  if (optimizerSteps && options.state)
    throw new UsageError(
      'optimizerSteps has no use beside state, whose optimizer begins anew: leave out one of them',
    );
  checkWord('seed', seed);
  checkOneOf('recompute', recompute, RECOMPUTE_MODES);
  checkOneOf('priorities', priorities, PRIORITY_POLICIES);
  checkOneOf('selectBy', selectBy, SELECTIONS);
  checkEvaluated(options, source);
  if (options.probe !== undefined) checkProbe(options.probe, source.accumulates ?? false);
  if (options.resume && !options.checkpoint)
    throw new UsageError('resume needs checkpoint: the store of the run to continue');
  if (options.keep !== undefined)
    checkKeepChoice(options.keep as Readonly<Record<string, number | undefined>>);
  const { updatesPerEpoch: updates } = source;
  if (updates === undefined && schedule && schedule.name !== constantSchedule().name)
    throw new UsageError(
      `the schedule ${schedule.name} needs to know how many steps there are, which the source does not tell: leave schedule out, or give the source updatesPerEpoch`,
    );
  return {
    ...{ options, backend, epochs, learningRate, recompute, priorities, seed, selectBy },
    totalSteps: updates === undefined ? null : epochs * updates,
    schedule: schedule ?? constantSchedule(),
    optimizer: optimizerOptions(options.optimizer),
    evaluateEvery: evaluations(options),
    budget: checkedBudget(options),
  };
}
