import { checkEstimator } from '../checks/check-estimator.js';
import { checkMembers, checkSize, type ObjectKind } from '../checks/check-members.js';
import type { Value } from '../graph/value.js';
import type { GradientEstimator } from './estimator.js';

/**
 * A linear layer, as a choice of its estimator sees it; or a convolution, which is one over the pixels of its images:
 * of a pixel its channels are the inputs, and what the places whose windows have it make are the outputs.
 */
export interface LinearLayer {
  /** Its place in the model, without the architecture's prefix: `encoder.layer.7.output.dense`. */
  readonly name: string;
  /** Rows of its input: one for each token. */
  readonly rows: number;
  /** Features of its input. */
  readonly inputs: number;
  /** Features of its output. */
  readonly outputs: number;
  /**
   * Where the rows of each example begin, and where the last one's end, i32 [examples + 1], within a
   * trace; absent where each row is an example of its own.
   */
  readonly starts?: Value;
  /**
   * Of rows that are examples of their own, 0 and how many of them are somebody's, i32 [2], within a
   * trace; absent where all are.
   */
  readonly used?: Value;
}

const LAYER: ObjectKind = {
  accepted: 'a linear layer, { name, rows, inputs, outputs }',
  members: { name: 'string', rows: 'number', inputs: 'number', outputs: 'number' },
};

/** Chooses an estimator layer by layer. */
export type LayerEstimators = (layer: LinearLayer) => GradientEstimator;

/**
 * The estimator of one layer, where the choice is one for all layers or made for each.
 * @throws UsageError for what is neither
 */
export function estimatorOf(
  choice: GradientEstimator | LayerEstimators,
  layer: LinearLayer,
): GradientEstimator {
  checkLayer(layer);
  if (typeof choice !== 'function') {
    checkEstimator('estimator', choice);
    return choice;
  }
  const estimator = choice(layer);
  checkEstimator(`what estimator gives for the layer '${layer.name}'`, estimator);
  return estimator;
}

/** @throws UsageError for what is no linear layer */
function checkLayer(layer: LinearLayer): void {
  checkMembers('layer', layer, LAYER);
  for (const size of ['rows', 'inputs', 'outputs'] as const)
    checkSize(`layer's ${size}`, layer[size]);
}
