import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';

/**
 * The graph input through which a layer's estimator is handed its guess of ‖y_i‖² for each row of
 * the batch, f32 [rows]: norms cached from the epoch before, or averages by position.
 */
export const priorityInput = (layer: string): string => `rowPriorities.${layer}`;

/** The graph output in which that layer's ‖y_i‖² come back, f32 [rows], to guess the next ones by. */
export const rowNormOutput = (layer: string): string => `rowNorms.${layer}`;

/** The layers of a graph that are handed priorities, by the names of its inputs. */
export const rankedLayers = (inputs: readonly { readonly name: string }[]): string[] => {
  const prefix = priorityInput('');
  return inputs.flatMap(({ name }) => (name.startsWith(prefix) ? name.slice(prefix.length) : []));
};

/** @throws UsageError unless they are a finite number ≥ 0 for each row */
export function checkPriorities(priorities: ArrayLike<number>, rows: number): void {
  if (priorities?.length !== rows)
    throw new UsageError(
      `priorities must be a number for each of ${rows} rows, but they are ${priorities?.length ?? describeValue(priorities)}`,
    );
  const row = Array.from(priorities).findIndex((value) => !(Number.isFinite(value) && value >= 0));
  if (row >= 0)
    throw new UsageError(
      `the priority of row ${row} must be a finite number ≥ 0, but it is ${describeValue(priorities[row])}`,
    );
}
