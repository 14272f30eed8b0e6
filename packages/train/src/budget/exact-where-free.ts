import {
  dense,
  estimatorOf,
  type GradientEstimator,
  type LayerEstimators,
  type LinearLayer,
} from '@sketchgrad/core';
import { addedBytes } from './added-bytes.js';

/**
 * The exact gradient in those of the layers in which keeping the whole input adds nothing to what a step
 * keeps; the given estimator in the others.
 *
 * @param keptBytes plans a step of small size: whether an input is free hangs on how layers follow one
 * another
 */
export function exactWhereFree(
  estimator: GradientEstimator | LayerEstimators,
  layers: readonly LinearLayer[],
  keptBytes: (choice: LayerEstimators) => number,
): LayerEstimators {
  const exact = dense();
  const added = addedBytes(layers, [{ name: 'dense', estimator: exact }], keptBytes);
  const free = new Set(layers.filter((_, at) => added[at]![0] === 0).map(({ name }) => name));
  return (layer) => (free.has(layer.name) ? exact : estimatorOf(estimator, layer));
}
