import { defaultCandidates } from '@sketchgrad/train';
import {
  byValue,
  type EstimatorSpec,
  formatEstimator,
  parseEstimator,
  settleEstimator,
} from '@sketchgrad/train/language';
import { backendSettings } from '../../open-backend.js';
import { decidingNumbers } from '../runs/deciding.js';
import { TASK_RUN_DECIDES } from './decides.js';
import type { TaskRunSettings } from './settings.js';

/**
 * All that a run's numbers depend on but what it starts from, by value: however it was typed, the same
 * is told alike.
 *
 * @throws what `loadBackend` throws
 */
export async function taskRunSettings(
  options: TaskRunSettings,
): Promise<Readonly<Record<string, unknown>>> {
  return decidingNumbers(options, TASK_RUN_DECIDES, {
    ...(await backendSettings(options)),
    ...estimators(options),
  });
}

/** A choice is among what a run starts from. */
function estimators(options: TaskRunSettings): Readonly<Record<string, unknown>> {
  const { choice, memoryBudget, noiseBudget, estimator, candidates } = options;
  const named = (spec: EstimatorSpec) => formatEstimator(byValue(settleEstimator(spec, options)));
  if (choice !== undefined) return {};
  if (memoryBudget === undefined && noiseBudget === undefined)
    return { estimator: named(estimator) };
  const among = candidates ?? defaultCandidates().map(({ name }) => parseEstimator(name));
  return { candidates: among.map(named) };
}
