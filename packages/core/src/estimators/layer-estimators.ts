import type { GradientEstimator } from './estimator.js';

/** A linear layer, as a choice of its estimator sees it. */
export interface LinearLayer {
  /** As in the model's parameters, without `.weight`: `bert.encoder.layer.7.output.dense`. */
  readonly name: string;
  /** Rows of its input: batch × tokens. */
  readonly rows: number;
  /** Features of its input. */
  readonly inputs: number;
  /** Features of its output. */
  readonly outputs: number;
}

/** Chooses an estimator layer by layer. */
export type LayerEstimators = (layer: LinearLayer) => GradientEstimator;
