import { formatBytes, UsageError } from '@sketchgrad/core';
import type { MemoryBudget } from '../budget/budget.js';
import { budgeted, type StepBytes } from './step-plans.js';

/**
 * Refuses a budget that is below the least that a step can take.
 *
 * @param advise what would still help, as sentences
 * @throws UsageError with the least, and what would help
 */
export function expectWithin(budget: MemoryBudget, least: StepBytes, advise: () => string): void {
  const { bytes, of, isBare } = budget;
  const taken = budgeted(least, of);
  if (taken <= bytes) return;
  const unit =
    isBare && bytes < FEW_BYTES
      ? ` (memoryBudget is a number of bytes; a text takes a unit: '${bytes}MB')`
      : '';
  throw new UsageError(
    `a budget of ${formatBytes(bytes)} (${bytes} bytes) for ${BYTES_OF[of]} cannot be met${unit}: ` +
      `with these candidates the least is ${formatBytes(taken)} (${taken} bytes). ${advise()}`,
  );
}

/** Who writes fewer may have thought of a unit. */
const FEW_BYTES = 1e6;

const BYTES_OF = { peak: 'the peak of a step', kept: 'what a step keeps' };
