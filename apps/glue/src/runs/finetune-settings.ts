import { backendSettings } from '@sketchgrad/bench';
import { decidingNumbers } from '@sketchgrad/bench/node';
import { defaultCandidates } from '@sketchgrad/train';
import {
  byValue,
  type EstimatorSpec,
  formatEstimator,
  parseEstimator,
  settleEstimator,
} from '@sketchgrad/train/language';
import { FINETUNE_DECIDES } from '../options/decides.js';
import type { FinetuneOptions } from '../options/finetune.js';

/**
 * All that a run's numbers depend on but what it starts from, by value: however it was typed, the same
 * is told alike.
 *
 * @throws what `loadBackend` throws
 */
export async function finetuneSettings(
  options: FinetuneOptions,
): Promise<Readonly<Record<string, unknown>>> {
  return decidingNumbers(options, FINETUNE_DECIDES, {
    ...(await backendSettings(options)),
    ...estimators(options),
  });
}

/** A choice is among what a run starts from. */
function estimators(options: FinetuneOptions): Readonly<Record<string, unknown>> {
  const { choice, memoryBudget, noiseBudget, estimator, candidates } = options;
  const named = (spec: EstimatorSpec) => formatEstimator(byValue(settleEstimator(spec, options)));
  if (choice !== undefined) return {};
  if (memoryBudget === undefined && noiseBudget === undefined)
    return { estimator: named(estimator) };
  const among = candidates ?? defaultCandidates().map(({ name }) => parseEstimator(name));
  return { candidates: among.map(named) };
}
