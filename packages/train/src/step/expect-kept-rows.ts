import {
  estimatorOf,
  expectKeptRow,
  type GradientEstimator,
  type LayerEstimators,
} from '@sketchgrad/core';
import { type LayeredModel, layersOf } from './layers-of.js';

/**
 * Refuses rates that keep less than one row in every one of these steps. In some of them, as in an
 * epoch's last batch or in a small part of a graph, one row is kept however low the rate.
 *
 * @param shapes of a run's steps; no more of them are asked for once one is large enough
 * @throws UsageError with the least rate that keeps a row of the largest
 */
export function expectKeptRows<Sizes>(
  model: LayeredModel<Sizes>,
  estimator: GradientEstimator | LayerEstimators | undefined,
  shapes: Iterable<Sizes>,
): void {
  if (!estimator) return;
  let largest: { readonly own: GradientEstimator; readonly rows: number } | undefined;
  const seen = new Set<string>();
  for (const shape of shapes) {
    const text = JSON.stringify(shape);
    if (seen.has(text)) continue;
    seen.add(text);
    const short = layersOf(model, shape)
      .map((layer) => ({ own: estimatorOf(estimator, layer), rows: layer.rows }))
      .find(({ own: { rate = 1 }, rows }) => rate * rows < 1);
    if (!short) return;
    if (short.rows > (largest?.rows ?? 0)) largest = short;
  }
  if (largest) expectKeptRow(largest.own, largest.rows);
}
