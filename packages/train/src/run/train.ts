import {
  checkMembers,
  checkOptions,
  type DeviceState,
  dense,
  elements,
  type LayerEstimators,
  type ObjectKind,
} from '@sketchgrad/core';
import type { EstimatorChoice } from '../budget/choice.js';
import type { EvaluationRecord, TrainingProgress } from '../checkpoints/progress.js';
import { checkModel } from '../checks/kinds.js';
import { checkWeights } from '../checks/weights.js';
import { InterruptedError } from '../errors.js';
import { exactWhereFree } from '../free-inputs/exact-where-free.js';
import { keptBeyondDense } from '../free-inputs/kept-beyond-dense.js';
import { NOTHING } from '../free-inputs/nothing.js';
import { jobsOf, tracer } from '../jobs/jobs.js';
import { momentsOf } from '../optimizer/optimizer.js';
import { stateNames } from '../optimizer/rule.js';
import { RowNorms } from '../priorities/row-norms.js';
import { LayerProbe } from '../probe/layer-probe.js';
import { RUN_OPTIONS, type RunOptions } from '../settings/options.js';
import { type RunSettings, runSettings } from '../settings/settings.js';
import { warner } from '../settings/warn.js';
import type { StepSource } from '../source/step-source.js';
import { ExecutableCache, type Job } from '../step/executable-cache.js';
import { expectKeptRows } from '../step/expect-kept-rows.js';
import { writeHeld } from '../step/held-inputs.js';
import { layersOf } from '../step/layers-of.js';
import { traceTrainingStep } from '../step/trace-training-step.js';
import { BestWeights } from './best-weights.js';
import { configurationOf } from './configuration.js';
import { misplacedRun } from './misplaced.js';
import { RunCheckpoints } from './run-checkpoints.js';
import { RunLoop } from './run-loop.js';

/** What came of a run. */
export interface TrainedRun {
  readonly evaluations: readonly EvaluationRecord[];
  /** The evaluation that was best by `selectBy`; undefined without one. */
  readonly best: EvaluationRecord | undefined;
  /** The mean loss of each epoch. */
  readonly loss: readonly number[];
  /** Updates made. */
  readonly steps: number;
  /** The median of this process's steps; null where a resumed run had none left to make. */
  readonly secondsPerStep: number | null;
  /** Their mean. */
  readonly meanSecondsPerStep: number | null;
  /** The median of the epochs that this process made whole, evaluations apart; null of none. */
  readonly secondsPerEpoch: number | null;
  /** What was planned for the largest of the run's steps. */
  readonly plan: {
    /** Bytes of persistent tensors and the arena. */
    readonly peakBytes: number;
    /** Bytes that a step keeps for its backward pass. */
    readonly keptBytes: number;
    /** Of these, what is kept for the gradients of the linear layers' weights. */
    readonly linearKeptBytes: number;
  };
  /** Bytes of persistent tensors and arena that were really touched. */
  readonly measuredPeakBytes: number;
  /** Graphs that were compiled, evaluations' among them: one for each kind of work and sizes. */
  readonly executables: number;
  /** What the budget chose, where there was one. */
  readonly choice?: EstimatorChoice;
  /** The trained weights, in the backend: the last step's, or with `keepBest` the best evaluation's. */
  readonly state: DeviceState;
}

/** What a run over a source of one's own needs to be told. */
export type TrainOptions = RunOptions & Required<Pick<RunOptions, 'epochs' | 'learningRate'>>;

const SOURCE: ObjectKind = {
  accepted: 'a source of steps, { model, configuration, updates: (epoch) => … }',
  members: { model: 'object', configuration: 'object', updates: 'function' },
};

/**
 * Trains whatever a source says, by AdamW: epochs, evaluations, checkpoints, early stop. `fineTune` and
 * `trainNodes` are this with sentences and with graphs as their sources. Every number of it follows
 * from source and options; a run that was stopped at any moment and resumed ends with the same bits as
 * one that never was. The learning rate is constant unless a schedule is given.
 *
 * @throws UsageError for options that do not fit, a store with an earlier run's checkpoints, or
 * a resumed run with other settings; PlanError before the first step where it does not fit in
 * memory; NonFiniteError for a loss or weight that is not finite; InterruptedError once the signal
 * is aborted; CheckpointError where a checkpoint cannot be written
 */
export async function train<Sizes extends object>(
  source: StepSource<Sizes>,
  options: TrainOptions,
): Promise<TrainedRun> {
  checkMembers('the source', source, SOURCE);
  checkModel(source.model);
  checkOptions('train', options, RUN_OPTIONS);
  return runSource(source, runSettings(options, source));
}

/** Trains by settings that are checked. */
export async function runSource<Sizes extends object>(
  source: StepSource<Sizes>,
  settings: RunSettings,
): Promise<TrainedRun> {
  const { options, backend } = settings;
  if (options.signal?.aborted) throw new InterruptedError('interrupted before the first step');
  if (options.state && !options.resume) checkWeights(source.model, options.state);
  const state = options.state ?? backend.createState();
  try {
    return await trainWithin(source, settings, state);
  } catch (error) {
    // What a caller handed in is the caller's.
    if (!options.state) await state.dispose();
    throw error;
  }
}

/** Trains in a state. */
async function trainWithin<Sizes extends object>(
  source: StepSource<Sizes>,
  given: RunSettings,
  state: DeviceState,
): Promise<TrainedRun> {
  const jobs = await jobsOf(source, given);
  const { settings, choice } = await withinBudget(source, given, jobs, state);
  const { options, seed } = settings;
  const { model } = source;
  if (choice) await options.onChoice?.(choice);
  else expectRows(source, settings, jobs);
  const { shape } = jobs[0]!;
  const configuration = configurationOf({ source, settings, shape });
  const probe = probeOf(source, settings, shape);
  const rowNorms = new RowNorms(settings.priorities, source.examples ?? 0);
  const best = options.keepBest
    ? new BestWeights([...model.parameters, ...(model.statistics ?? [])])
    : undefined;
  const { parameters, statistics = [] } = model;
  const checkpoints = await RunCheckpoints.open(
    { parameters, statistics, moments: momentsOf(settings.optimizer) },
    options,
    configuration,
    misplacedRun(source, settings),
  );
  const trace = tracer(source, settings, probe);
  const cache = new ExecutableCache({
    ...{ backend: settings.backend, state, trace },
  });
  try {
    if (options.state && !checkpoints?.resumes) checkWeights(model, options.state);
    await cache.prepare(jobs);
    warnOfMore(source, settings, cache, state);
    await writeHeld(state, source.held ?? {});
    const start = (await checkpoints?.restore(state, { rowNorms, best })) ?? {
      ...{ ...NOTHING_DONE, seed, configuration },
    };
    if (!checkpoints?.resumes) await initialize(source, settings, state);
    const parts = { source, settings, state, cache, checkpoints, rowNorms, probe, best };
    const loop = new RunLoop(parts, start);
    await loop.run();
    return { ...resultOf(loop, parts), ...(choice ? { choice } : {}) };
  } finally {
    await checkpoints?.close();
    await cache.dispose();
  }
}

const NOTHING_DONE = {
  ...{ step: 0, epoch: 0, position: 0, passes: 0 },
  ...{ losses: [], partial: { loss: 0, examples: 0 }, evaluations: [] },
} satisfies Partial<TrainingProgress>;

/** The settings with exact gradients where inputs are free, unless every layer is to be compressed. */
function whereNotFree<Sizes extends object>(
  { model }: StepSource<Sizes>,
  settings: RunSettings,
  shape: Sizes,
): RunSettings {
  const { options, recompute } = settings;
  const { keep, everyLayer } = options;
  const estimator = exactWhereFree(options.estimator, traceTrainingStep<Sizes>, model, {
    ...{ recompute, keep, everyLayer, shape },
  });
  return estimator ? { ...settings, options: { ...options, estimator } } : settings;
}

/** @throws UsageError for a rate that keeps less than a row of every batch */
function expectRows<Sizes extends object>(
  { model }: StepSource<Sizes>,
  { options: { estimator, probe } }: RunSettings,
  jobs: readonly Job<Sizes>[],
): void {
  const shapes = jobs.filter(({ work }) => work !== 'evaluate').map(({ shape }) => shape);
  expectKeptRows(model, estimator, shapes);
  const probed: LayerEstimators = ({ name }) =>
    probe!.layers.includes(name) ? probe!.estimator : dense();
  if (probe) expectKeptRows(model, probed, shapes);
}

/** Says so where the run's largest step keeps more than with exact gradients. */
function warnOfMore<Sizes extends object>(
  source: StepSource<Sizes>,
  settings: RunSettings,
  cache: ExecutableCache<Sizes>,
  state: DeviceState,
): void {
  const { estimator, ...exact } = settings.options;
  if (!estimator) return;
  const trace = tracer(source, { ...settings, options: exact });
  const bytes = cache.largest.flatMap((job) =>
    job.work === 'evaluate' ? [] : settings.backend.plan(trace(job), state).keptBytes,
  );
  const note = keptBeyondDense(cache.keptBytes, Math.max(...bytes));
  if (note) warner(exact.onWarning)(note);
}

/** The settings with the estimators that their budget chooses, where they have one. */
async function withinBudget<Sizes extends object>(
  source: StepSource<Sizes>,
  settings: RunSettings,
  jobs: readonly Job<Sizes>[],
  state: DeviceState,
): Promise<{
  readonly settings: RunSettings;
  readonly choice?: EstimatorChoice;
}> {
  const { budget, options, seed } = settings;
  if (!budget) return { settings: whereNotFree(source, settings, jobs[0]!.shape) };
  // The state that a caller hands in has its weights already.
  const initialize = async () => {
    if (!options.state) await source.model.initialize(state, { seed });
  };
  // Most runs have no budget: what looks for one is loaded where it is asked for.
  const { fitBudget } = await import('../search/fit-budget.js');
  const { choice, estimator } = await fitBudget(source, settings, budget, {
    ...{ jobs, state, initialize },
  });
  return { settings: { ...settings, options: { ...options, estimator } }, choice };
}

function probeOf<Sizes extends object>(
  { model }: StepSource<Sizes>,
  { backend, options }: RunSettings,
  shape: Sizes,
): LayerProbe | undefined {
  if (!options.probe) return undefined;
  const layers = layersOf(model, shape);
  return new LayerProbe(options.probe, layers, { backend, warn: warner(options.onWarning) });
}

/** Starting weights, and an optimizer that has seen nothing. */
async function initialize<Sizes extends object>(
  { model }: StepSource<Sizes>,
  { options, seed }: RunSettings,
  state: DeviceState,
): Promise<void> {
  if (!options.state) return model.initialize(state, { seed });
  for (const { name, shape } of model.parameters) {
    const count = elements({ dtype: 'f32', shape });
    for (const tensor of Object.values(stateNames(name)))
      if (state.tensors.has(tensor)) await state.write(tensor, new Float32Array(count));
  }
}

function resultOf<Sizes extends object>(
  loop: RunLoop<Sizes>,
  parts: {
    readonly source: StepSource<Sizes>;
    readonly settings: RunSettings;
    readonly cache: ExecutableCache<Sizes>;
    readonly state: DeviceState;
  },
): Omit<TrainedRun, 'choice'> {
  const { step, evaluations, losses } = loop.progress;
  const { peakBytes, keptBytes, measuredPeakBytes, executables } = parts.cache;
  return {
    ...{ evaluations, best: loop.bestEvaluation, loss: losses, steps: step },
    secondsPerStep: loop.stepTimes.median,
    meanSecondsPerStep: loop.stepTimes.mean,
    secondsPerEpoch: loop.epochTimes.median,
    plan: { peakBytes, keptBytes, linearKeptBytes: linearKeptBytes(parts) },
    ...{ measuredPeakBytes, executables },
    state: parts.state,
  };
}

/** What the step that keeps most keeps for the gradients of the linear layers' weights. */
function linearKeptBytes<Sizes extends object>({
  source,
  settings,
  cache,
  state,
}: Parameters<typeof resultOf<Sizes>>[1]): number {
  const job = cache.keepsMost;
  if (!job) return 0;
  const { options, backend } = settings;
  const without = { ...settings, options: { ...options, estimator: NOTHING } };
  const graph = tracer(source, without)({ ...job, probe: false });
  return cache.keptBytes - backend.plan(graph, state).keptBytes;
}
