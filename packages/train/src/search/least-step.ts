import type { Candidate } from '../budget/candidates.js';
import { chosenEstimators } from '../budget/choice.js';
import { addedBytes } from './added-bytes.js';
import type { StepBytes, StepPlans } from './step-plans.js';

/** What the largest steps of a run take with the candidates that keep fewest bytes. */
export interface LeastStep extends StepBytes {
  /** What each candidate adds to the bytes that a step keeps: [layers][candidates] */
  readonly addedBytes: number[][];
}

/** Found from plans alone. */
export function leastStep(
  { layers, free, plan }: Pick<StepPlans, 'layers' | 'free' | 'plan'>,
  candidates: readonly Candidate[],
): LeastStep {
  const added = addedBytes(layers, candidates, (choice) => plan(choice).keptBytes);
  const chosen = layers.map(({ name }, at) => {
    const own = added[at]!;
    const least = candidates[own.indexOf(Math.min(...own))]!.name;
    return { layer: name, estimator: free.has(name) ? 'dense' : least };
  });
  const step = plan(chosenEstimators({ layers: chosen }, candidates, layers));
  return { ...step, addedBytes: added };
}
