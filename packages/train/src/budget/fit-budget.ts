import type { DeviceState, LayerEstimators } from '@sketchgrad/core';
import type { Settings } from '../loop/settings.js';
import type { TrainableModel } from '../model.js';
import type { Budget } from './budget.js';
import { defaultCandidates } from './candidates.js';
import { chosenEstimators, type EstimatorChoice } from './choice.js';
import { chooseEstimators } from './choose-estimators.js';
import { probeLayers } from './probe.js';
import { stepPlans } from './step-plans.js';
import { whatHelps } from './what-helps.js';

/**
 * Chooses a run's estimators by its budget: probes the model at the weights that training starts
 * from, and plans the run's largest steps. It takes less time than eight steps.
 *
 * @param state of the run; the parameters are allocated in it and, by `initialize`, filled
 * @throws UsageError for a budget that cannot be met, with the least that can and what would help
 */
export async function fitBudget(
  model: TrainableModel,
  settings: Settings,
  budget: Budget,
  { state, initialize }: { readonly state: DeviceState; readonly initialize: () => Promise<void> },
): Promise<{ readonly choice: EstimatorChoice; readonly estimator: LayerEstimators }> {
  const { backend, data, cut, seed, priorities, options } = settings;
  const { candidates = defaultCandidates(), onSearch } = options;
  const { layers, free, plan } = stepPlans(model, settings);
  let passes = 0;
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
    free,
    signal: options.signal,
    onPass: (done, total) => {
      passes = total;
      onSearch?.({ stage: done < total ? 'measuring' : 'planning', done, total: total + 1 });
    },
  });
  const choice = chooseEstimators(budget, {
    ...{ layers, candidates, variances, free, plan },
    advise: (bytes) => whatHelps(model, settings, bytes, candidates),
  });
  onSearch?.({ stage: 'planning', done: passes + 1, total: passes + 1 });
  return { choice, estimator: chosenEstimators(choice, candidates) };
}
