import { dense } from '@sketchgrad/core';
import type { Candidate } from '../budget/candidates.js';
import { chosenEstimators } from '../budget/choice.js';
import { addedBytes } from './added-bytes.js';
import type { StepBytes, StepPlans } from './step-plans.js';

/**
 * What the largest steps of a run take at least: with the candidates that keep fewest bytes; or exactly, where
 * that is offered, for what a sketch works in may be more than it saves.
 */
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
  const steps = [plan(chosenEstimators({ layers: chosen }, candidates, layers))];
  if (candidates.some(({ estimator }) => estimator.name === 'dense')) steps.push(plan(() => EXACT));
  return {
    keptBytes: Math.min(...steps.map(({ keptBytes }) => keptBytes)),
    peakBytes: Math.min(...steps.map(({ peakBytes }) => peakBytes)),
    addedBytes: added,
  };
}

const EXACT = dense();
