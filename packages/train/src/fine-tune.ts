import { type DeviceState, dense, type LayerEstimators } from '@sketchgrad/core';
import type { EstimatorChoice } from './budget/choice.js';
import { fitBudget } from './budget/fit-budget.js';
import type { EvaluationRecord, TrainingProgress } from './checkpoints/progress.js';
import { expectLabels } from './checks/checked-data.js';
import { checkModel } from './checks/kinds.js';
import { checkWeights } from './evaluate.js';
import { exactWhereFree } from './free-inputs/exact-where-free.js';
import { keptBeyondDense } from './free-inputs/kept-beyond-dense.js';
import { configurationOf } from './loop/configuration.js';
import { layersOf } from './loop/describe-estimator.js';
import { InterruptedError } from './loop/errors.js';
import { jobsOf, tracer } from './loop/jobs.js';
import { misplacedExamples } from './loop/misplaced.js';
import type { FineTuneOptions } from './loop/options.js';
import { RunCheckpoints } from './loop/run-checkpoints.js';
import { checkedSettings, type Settings } from './loop/settings.js';
import { TrainingLoop } from './loop/training-loop.js';
import { warner } from './loop/warn.js';
import type { TrainableModel } from './model.js';
import { stateNames } from './optimizer/adamw.js';
import { RowNorms } from './priorities/row-norms.js';
import { LayerProbe } from './probe/layer-probe.js';
import { ExecutableCache } from './step/executable-cache.js';
import { expectKeptRows } from './step/expect-kept-rows.js';
import { traceTrainingStep } from './step/trace-training-step.js';

/** What came of a run. */
export interface TrainingRun {
  /** The last evaluation's scores by name; empty without evaluation. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The scores after each epoch. */
  readonly evaluations: readonly EvaluationRecord[];
  /** The mean loss of each epoch. */
  readonly loss: readonly number[];
  /** Updates made. */
  readonly steps: number;
  /** The median of this process's steps; null where a resumed run had none left to make. */
  readonly secondsPerStep: number | null;
  /** What was planned for the largest of the run's shapes. */
  readonly plan: {
    /** Bytes of persistent tensors and the arena. */
    readonly peakBytes: number;
    /** Bytes that a step keeps for its backward pass. */
    readonly keptBytes: number;
  };
  /** Bytes of persistent tensors and arena that were really touched. */
  readonly measuredPeakBytes: number;
  /** What the budget chose, where there was one. */
  readonly choice?: EstimatorChoice;
  /** The trained weights, in the backend. */
  readonly state: DeviceState;
  /** The last evaluation's, in the order of its data: classes, or values for regression. */
  readonly predictions?: readonly number[];
}

/**
 * Trains a model: AdamW over random batches, an evaluation after each epoch, checkpoints where
 * asked for. Every number of it follows from the options; a run that was stopped at any moment and
 * resumed from its directory ends with the same bits as one that never was.
 *
 * Each epoch visits the examples in an order of its own (`dataOrder`), cut into batches as they
 * come, each padded to its longest example; the last batch has what is left over.
 *
 * @throws UsageError for options that do not fit, a directory with an earlier run's checkpoints, or
 * a resumed run with other settings; PlanError before the first step where it does not fit in
 * memory; NonFiniteError for a loss or weight that is not finite; InterruptedError once the signal
 * is aborted; CheckpointError where a checkpoint cannot be written
 */
export async function fineTune(
  model: TrainableModel,
  options: FineTuneOptions,
): Promise<TrainingRun> {
  checkModel(model);
  const asked = checkedSettings(options);
  expectLabels('the training data', asked.data, model);
  const { evaluation } = asked.options;
  if (evaluation) expectLabels('the evaluation data', evaluation.data, model);
  if (options.signal?.aborted) throw new InterruptedError('interrupted before the first step');
  if (options.state && !options.resume) checkWeights(model, options.state);
  const state = options.state ?? asked.backend.createState();
  try {
    return await trainWithin(model, asked, state);
  } catch (error) {
    // What a caller handed in is the caller's.
    if (!options.state) await state.dispose();
    throw error;
  }
}

/** Trains in a state. */
async function trainWithin(
  model: TrainableModel,
  asked: Settings,
  state: DeviceState,
): Promise<TrainingRun> {
  const { settings, choice } = await withinBudget(model, asked, state);
  const { options } = settings;
  if (choice) await options.onChoice?.(choice);
  else expectRows(model, settings);
  const configuration = configurationOf(model, settings);
  const probe = probeOf(model, settings);
  const checkpoints = await RunCheckpoints.open(
    model,
    options,
    configuration,
    misplacedExamples(settings),
  );
  const isNew = !checkpoints?.resumes;
  const cache = new ExecutableCache({
    backend: settings.backend,
    state,
    trace: tracer(model, settings, probe),
  });
  try {
    if (options.state && isNew) checkWeights(model, options.state);
    await cache.prepare(jobsOf(settings));
    warnOfMore(model, settings, cache, state);
    const rowNorms = new RowNorms(settings.priorities, settings.data.length);
    const start = (await checkpoints?.restore(state, rowNorms)) ?? {
      ...NOTHING_DONE,
      seed: settings.seed,
      configuration,
    };
    if (isNew) await initialize(model, state, settings.seed, options);
    const loop = new TrainingLoop(
      { model, settings, state, cache, checkpoints, rowNorms, probe },
      start,
    );
    await loop.run();
    return { ...resultOf(loop, cache, state), ...(choice ? { choice } : {}) };
  } finally {
    await checkpoints?.close();
    await cache.dispose();
  }
}

/** The settings with exact gradients where inputs are free, unless every layer is to be compressed. */
function whereNotFree(model: TrainableModel, settings: Settings): Settings {
  const { options, recompute } = settings;
  const { keep, everyLayer } = options;
  const estimator = exactWhereFree(options.estimator, traceTrainingStep, model, {
    ...{ recompute, keep, everyLayer },
  });
  return estimator ? { ...settings, options: { ...options, estimator } } : settings;
}

/** @throws UsageError for a rate that keeps less than a row of every batch */
function expectRows(model: TrainableModel, settings: Settings): void {
  const { estimator, probe } = settings.options;
  function* shapes() {
    for (const { work, shape } of jobsOf(settings)) if (work !== 'evaluate') yield shape;
  }
  expectKeptRows(model, estimator, shapes());
  const probed: LayerEstimators = ({ name }) =>
    probe!.layers.includes(name) ? probe!.estimator : dense();
  if (probe) expectKeptRows(model, probed, shapes());
}

/** Says so where the run's largest step keeps more than with exact gradients. */
function warnOfMore(
  model: TrainableModel,
  settings: Settings,
  cache: ExecutableCache,
  state: DeviceState,
): void {
  const { estimator, ...exact } = settings.options;
  if (!estimator) return;
  const trace = tracer(model, { ...settings, options: exact });
  const bytes = cache.largest.flatMap((job) =>
    job.work === 'evaluate' ? [] : settings.backend.plan(trace(job), state).keptBytes,
  );
  const note = keptBeyondDense(cache.keptBytes, Math.max(...bytes));
  if (note) warner(exact.onWarning)(note);
}

/** The settings with the estimators that their budget chooses, where they have one. */
async function withinBudget(
  model: TrainableModel,
  settings: Settings,
  state: DeviceState,
): Promise<{ readonly settings: Settings; readonly choice?: EstimatorChoice }> {
  const { budget, options, seed } = settings;
  if (!budget) return { settings: whereNotFree(model, settings) };
  // The state that a caller hands in has its weights already.
  const initialize = async () => {
    if (!options.state) await model.initialize(state, { seed });
  };
  const { choice, estimator } = await fitBudget(model, settings, budget, { state, initialize });
  return { settings: { ...settings, options: { ...options, estimator } }, choice };
}

const NOTHING_DONE = {
  step: 0,
  epoch: 0,
  position: 0,
  losses: [],
  evaluations: [],
  best: null,
} satisfies Partial<TrainingProgress>;

function probeOf(model: TrainableModel, settings: Settings): LayerProbe | undefined {
  const { backend, options } = settings;
  if (!options.probe) return undefined;
  const [first] = jobsOf(settings);
  const layers = layersOf(model, first!.shape);
  return new LayerProbe(options.probe, layers, { backend, warn: warner(options.onWarning) });
}

/** Starting weights, and an optimizer that has seen nothing. */
async function initialize(
  model: TrainableModel,
  state: DeviceState,
  seed: number,
  options: FineTuneOptions,
): Promise<void> {
  if (!options.state) return model.initialize(state, { seed });
  for (const { name, shape } of model.parameters) {
    const count = shape.reduce((product, size) => product * size, 1);
    for (const tensor of Object.values(stateNames(name)))
      if (state.tensors.has(tensor)) await state.write(tensor, new Float32Array(count));
  }
}

function resultOf(loop: TrainingLoop, cache: ExecutableCache, state: DeviceState): TrainingRun {
  const { step, evaluations } = loop.progress;
  const { peakBytes, keptBytes, measuredPeakBytes } = cache;
  return {
    metrics: evaluations.at(-1)?.metrics ?? {},
    evaluations,
    loss: loop.epochLosses,
    steps: step,
    secondsPerStep: loop.times.median,
    plan: { peakBytes, keptBytes },
    measuredPeakBytes,
    state,
    ...(loop.predictions ? { predictions: loop.predictions } : {}),
  };
}
