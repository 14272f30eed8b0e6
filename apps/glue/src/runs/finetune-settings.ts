import { decidingNumbers } from '@sketchgrad/bench/command-line';
import { loadBackend } from '@sketchgrad/core';
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
import { backendOptions } from '../options/shared.js';

/**
 * All that a run's numbers depend on but what it starts from, by value: however it was typed, the same
 * is told alike.
 *
 * @throws what `loadBackend` throws
 */
export async function finetuneSettings(
  options: FinetuneOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const backend = await loadBackend(options.backend, backendOptions(options));
  await backend.dispose();
  return decidingNumbers(options, FINETUNE_DECIDES, {
    backend: backend.name,
    ...backend.settings,
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
