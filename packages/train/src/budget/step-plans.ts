import type { DeviceState, Graph, LayerEstimators, LinearLayer } from '@sketchgrad/core';
import { freeLayers } from '../free-inputs/free-layers.js';
import { layersOf } from '../loop/describe-estimator.js';
import { jobsOf, tracer } from '../loop/jobs.js';
import type { Settings } from '../loop/settings.js';
import type { TrainableModel } from '../model.js';
import { type Job, largestJobs } from '../step/executable-cache.js';
import { traceTrainingStep } from '../step/trace-training-step.js';
import type { Budgeted } from './budget.js';

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

/** The largest steps of a run under its settings, on the run's state. */
export function stepPlans(
  model: TrainableModel,
  settings: Settings,
  state: DeviceState,
): StepPlans {
  const { backend, options } = settings;
  const jobs = largestJobs(jobsOf(settings));
  const steps = jobs.filter(({ work }) => work !== 'evaluate');
  const rows = ({ shape }: Job) => shape.batchSize * shape.sequence;
  const largest = steps.reduce((most, job) => (rows(job) > rows(most) ? job : most));
  const plansOf = (jobs: readonly Job[], trace: (job: Job) => Graph) =>
    jobs.map((job) => backend.plan(trace(job), state));
  const most = (numbers: readonly number[]) => Math.max(0, ...numbers);
  // No estimator has a part in these.
  const evaluations = plansOf(
    jobs.filter(({ work }) => work === 'evaluate'),
    tracer(model, settings),
  );
  return {
    layers: layersOf(model, largest.shape),
    free: freeLayers(traceTrainingStep, model, {
      recompute: settings.recompute,
      keep: options.keep,
    }),
    // Sums of gradients stay, too, but only where a batch is cut into pieces.
    stateBytes: () =>
      backend.plan(tracer(model, settings)({ ...largest, work: 'none' }), state).persistentBytes,
    plan(estimator) {
      const plans = plansOf(
        steps,
        tracer(model, { ...settings, options: { ...options, estimator } }),
      );
      return {
        keptBytes: most(plans.map(({ keptBytes }) => keptBytes)),
        peakBytes: most([...plans, ...evaluations].map(({ peakBytes }) => peakBytes)),
      };
    },
  };
}
