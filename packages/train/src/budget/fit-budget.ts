import type { DeviceState, LayerEstimators } from '@sketchgrad/core';
import { freeLayers } from '../free-inputs/free-layers.js';
import { layersOf } from '../loop/describe-estimator.js';
import { jobsOf, tracer } from '../loop/jobs.js';
import type { Settings } from '../loop/settings.js';
import type { TrainableModel } from '../model.js';
import { largestJobs } from '../step/executable-cache.js';
import { traceTrainingStep } from '../step/trace-training-step.js';
import type { Budget } from './budget.js';
import { defaultCandidates } from './candidates.js';
import { chosenEstimators, type EstimatorChoice } from './choice.js';
import { chooseEstimators, type StepBytes } from './choose-estimators.js';
import { probeLayers } from './probe.js';

/**
 * Chooses a run's estimators by its budget: probes the model at the weights that training starts
 * from, and plans the run's largest steps.
 *
 * @param state of the run; the parameters are allocated in it and, by `initialize`, filled
 * @throws UsageError for a budget that cannot be met, with the least that can
 */
export async function fitBudget(
  model: TrainableModel,
  settings: Settings,
  budget: Budget,
  { state, initialize }: { readonly state: DeviceState; readonly initialize: () => Promise<void> },
): Promise<{ readonly choice: EstimatorChoice; readonly estimator: LayerEstimators }> {
  const { backend, data, cut, seed, priorities, options } = settings;
  const { candidates = defaultCandidates() } = options;
  const variances = await probeLayers(model, {
    backend,
    state,
    initialize,
    data,
    batchSize: cut.batchSize / cut.accumulate,
    seed,
    priorities,
    recompute: settings.recompute,
    keep: options.keep,
    candidates,
    signal: options.signal,
  });
  const steps = largestJobs(jobsOf(settings)).filter(({ work }) => work !== 'evaluate');
  const plan = (estimator: LayerEstimators): StepBytes => {
    const trace = tracer(model, { ...settings, options: { ...options, estimator } });
    const plans = steps.map((job): StepBytes => backend.plan(trace(job)));
    return {
      keptBytes: Math.max(...plans.map(({ keptBytes }) => keptBytes)),
      peakBytes: Math.max(...plans.map(({ peakBytes }) => peakBytes)),
    };
  };
  const rows = ({ shape }: (typeof steps)[number]) => shape.batchSize * shape.sequence;
  const largest = steps.reduce((most, job) => (rows(job) > rows(most) ? job : most));
  const layers = layersOf(model, largest.shape);
  const { recompute } = settings;
  const free = freeLayers(traceTrainingStep, model, { recompute, keep: options.keep });
  const choice = chooseEstimators(budget, { layers, candidates, variances, plan, free });
  return { choice, estimator: chosenEstimators(choice, candidates) };
}
