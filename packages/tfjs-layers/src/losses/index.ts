import { describeValue, UsageError } from '@sketchgrad/core';
import { binaryCrossentropy } from './binary-crossentropy.js';
import { categoricalCrossentropy } from './categorical-crossentropy.js';
import type { Loss } from './loss.js';
import { meanAbsoluteError } from './mean-absolute-error.js';
import { meanSquaredError } from './mean-squared-error.js';
import { sparseCategoricalCrossentropy } from './sparse-categorical-crossentropy.js';

export { LEAST_PROBABILITY, type Loss, type ModelOutput } from './loss.js';

/** Losses by TensorFlow.js' names for them. */
const LOSSES: Readonly<Record<string, Loss>> = {
  meanSquaredError,
  mse: meanSquaredError,
  MSE: meanSquaredError,
  meanAbsoluteError,
  mae: meanAbsoluteError,
  MAE: meanAbsoluteError,
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
};

/** @throws UsageError for one that is not supported */
export function lossOf(given: unknown): Loss {
  if (typeof given === 'string' && Object.hasOwn(LOSSES, given)) return LOSSES[given]!;
  throw new UsageError(
    `the loss is ${describeValue(given)}; supported are ${Object.keys(LOSSES).join(', ')}`,
  );
}
