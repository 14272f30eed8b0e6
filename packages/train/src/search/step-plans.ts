import type { DeviceState, Graph, LayerEstimators, LinearLayer, Model } from '@sketchgrad/core';
import type { Budgeted } from '../budget/budget.js';
import { freeLayers } from '../free-inputs/free-layers.js';
import { tracer } from '../jobs/jobs.js';
import type { RunSettings } from '../settings/settings.js';
import type { StepSource } from '../source/step-source.js';
import { type Job, largestJobs } from '../step/executable-cache.js';
import { layersOf } from '../step/layers-of.js';
import { traceTrainingStep } from '../step/trace-training-step.js';

/** What a step takes by plan, in bytes. */
export interface StepBytes {
  readonly keptBytes: number;
  readonly peakBytes: number;
}

/** Of these, what a budget bounds. */
export const budgeted = ({ keptBytes, peakBytes }: StepBytes, of: Budgeted): number =>
  of === 'peak' ? peakBytes : keptBytes;

/** The largest steps of a run, as far as choosing estimators needs to know them. */
export interface StepPlans {
  /** The layers at the shape of the largest step. */
  readonly layers: readonly LinearLayer[];
  /** Names of those whose input the backward pass has anyway. */
  readonly free: ReadonlySet<string>;
  /** Bytes of the parameters and of what the optimizer keeps of them, which every step has. */
  stateBytes(): number;
  /** Plans the largest steps, evaluations included. */
  plan(choice: LayerEstimators): StepBytes;
}

/** What a run's steps are planned from. */
export interface Planned<Sizes extends object> {
  readonly source: StepSource<Sizes>;
  readonly settings: RunSettings;
  /** What the run will have to execute. */
  readonly jobs: readonly Job<Sizes>[];
  readonly state: DeviceState;
}

/** The largest steps of a run under its settings, on the run's state. */
export function stepPlans<Sizes extends object>({
  source,
  settings,
  jobs,
  state,
}: Planned<Sizes>): StepPlans {
  const { backend, options } = settings;
  const { model } = source;
  const largest = largestJobs(jobs);
  const steps = largest.filter(({ work }) => work !== 'evaluate');
  const plansOf = (some: readonly Job<Sizes>[], trace: (job: Job<Sizes>) => Graph) =>
    some.map((job) => backend.plan(trace(job), state));
  const most = (numbers: readonly number[]) => Math.max(0, ...numbers);
  // No estimator has a part in these.
  const evaluations = plansOf(
    largest.filter(({ work }) => work === 'evaluate'),
    tracer(source, settings),
  );
  const { job, layers } = withMostRows(model, steps);
  return {
    layers,
    free: freeLayers(traceTrainingStep<Sizes>, model, {
      ...{ recompute: settings.recompute, keep: options.keep, shape: job.shape },
    }),
    // Sums of gradients stay, too, but only where a batch is cut into pieces.
    stateBytes: () =>
      backend.plan(tracer(source, settings)({ ...job, work: 'none' }), state).persistentBytes,
    plan(estimator) {
      const plans = plansOf(
        steps,
        tracer(source, { ...settings, options: { ...options, estimator } }),
      );
      return {
        keptBytes: most(plans.map(({ keptBytes }) => keptBytes)),
        peakBytes: most([...plans, ...evaluations].map(({ peakBytes }) => peakBytes)),
      };
    },
  };
}

/** The step whose layers have most rows, the first of several that are equal, and its layers. */
function withMostRows<Sizes extends object>(
  model: Model<Sizes>,
  steps: readonly Job<Sizes>[],
): { readonly job: Job<Sizes>; readonly layers: readonly LinearLayer[] } {
  const found = steps.map((job) => ({ job, layers: layersOf(model, job.shape) }));
  const rows = ({ layers }: (typeof found)[number]) =>
    layers.reduce((sum, layer) => sum + layer.rows, 0);
  return found.reduce((most, each) => (rows(each) > rows(most) ? each : most));
}
