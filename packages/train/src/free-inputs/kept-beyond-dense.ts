import { formatBytes } from '@sketchgrad/core';

/**
 * What to tell of a step that keeps more for its backward pass than it would with exact gradients in
 * every layer; undefined of one that does not.
 *
 * @param keptBytes of the step, by plan
 * @param denseBytes of the same step with exact gradients
 */
export const keptBeyondDense = (keptBytes: number, denseBytes: number): string | undefined =>
  keptBytes > denseBytes
    ? `a step keeps ${formatBytes(keptBytes)} for its backward pass, ` +
      `${formatBytes(keptBytes - denseBytes)} more than with exact gradients in every layer`
    : undefined;
