import { type Candidate, defaultCandidates, type FineTuneOptions } from '@sketchgrad/train';
import { buildEstimator, formatEstimator, settleEstimator } from '@sketchgrad/train/language';
import type { EstimatorOptions } from '../runs/settings.js';
import type { BudgetSettings } from './settings.js';

/** The budget as fineTune takes it; empty where there is none. */
export function budgetOption(
  options: BudgetSettings & EstimatorOptions,
): Pick<FineTuneOptions, 'memoryBudget' | 'noiseBudget' | 'budgetOf' | 'candidates'> {
  const { memoryBudget, noiseBudget, budgetOf } = options;
  if (memoryBudget === undefined && noiseBudget === undefined) return {};
  const candidates =
    options.candidates?.map((spec): Candidate => {
      const choice = settleEstimator(spec, options);
      return { name: formatEstimator(choice), estimator: buildEstimator(choice) };
    }) ?? defaultCandidates();
  if (memoryBudget === undefined) return { noiseBudget, candidates };
  // With its unit, as it was typed with one.
  return { memoryBudget: `${memoryBudget}B`, budgetOf, candidates };
}
