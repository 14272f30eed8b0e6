import {
  ELEMENT_BYTES,
  estimatorOf,
  type GradientEstimator,
  input,
  KEY_INPUT,
  keepInput,
  type LayerEstimators,
  type LinearLayer,
  trace,
} from '@sketchgrad/core';
import { checksum } from '../source/checksum.js';
import { type LayeredModel, layersOf } from '../step/layers-of.js';
import { graphChecksum } from './graph-checksum.js';

/**
 * What tells one choice of estimators from another, and stays the same from run to run: names,
 * bytes kept for a byte of input, and a checksum of the graph that they make, which has every one
 * of their settings in it.
 */
export function describeEstimator<Sizes>(
  choice: GradientEstimator | LayerEstimators | undefined,
  model: LayeredModel<Sizes>,
  shape: Sizes,
): string {
  if (!choice) return 'dense';
  if (typeof choice !== 'function') return describeOne(choice, ANY_LAYER);
  const layers = layersOf(model, shape).map((layer) => ({
    layer,
    estimator: estimatorOf(choice, layer),
  }));
  const counts = new Map<string, number>();
  for (const { estimator } of layers)
    counts.set(estimator.name, (counts.get(estimator.name) ?? 0) + 1);
  const names = [...counts].map(([name, count]) => `${count} × ${name}`);
  const all = layers.map(
    ({ layer, estimator }) => `${layer.name}: ${describeOne(estimator, layer)}`,
  );
  return `${names.join(', ')} (${checksum([all.join('\n')])})`;
}

const ANY_LAYER = { name: 'layer', inputs: 256, outputs: 64 };

/** So many that any rate keeps a whole one of them; nothing is computed. */
const ROWS = 2 ** 20;

function describeOne(
  estimator: GradientEstimator,
  { name, inputs, outputs }: Omit<LinearLayer, 'rows'>,
): string {
  const share = estimator.bytes([ROWS, inputs]) / (ROWS * inputs * ELEMENT_BYTES);
  const graph = trace(() => {
    const key = { value: input(KEY_INPUT, [2], 'i32'), stream: 0 };
    const { kept, key: own } = keepInput(input('x', [ROWS, inputs]), { estimator, key, name });
    const y = input('y', [ROWS, outputs]);
    return { gradient: estimator.weightGradient(kept, y, own, inputs) };
  });
  return `${estimator.name} ${Number(share.toPrecision(6))} (${graphChecksum(graph)})`;
}
