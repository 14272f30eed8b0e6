import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TfLayer } from '../layers/kind.js';
import { layersWithin } from './container.js';
import { supportedLayer } from './supported-layer.js';
import { type ModelWeight, shapeInState } from './weights.js';

/** A layer's weights by their own names: `kernel`. */
export type LayerWeights = ReadonlyMap<string, ModelWeight>;

/** A model's weights, each once. */
export interface ModelWeights {
  readonly of: ReadonlyMap<TfLayer, LayerWeights>;
  /** Those that are trained. */
  readonly trained: readonly ModelWeight[];
  /** Those that stay, or that a step changes without a gradient. */
  readonly others: readonly ModelWeight[];
}

/** @throws UsageError for a layer that is not supported */
export function modelWeights(model: LayersModel): ModelWeights {
  const of = new Map<TfLayer, LayerWeights>();
  const trained: ModelWeight[] = [];
  const others: ModelWeight[] = [];
  const names = new Set<string>();
  for (const { layer, within } of layersWithin(model)) {
    if (of.has(layer)) continue;
    const kind = supportedLayer(layer);
    const weights = new Map<string, ModelWeight>();
    for (const variable of layer.weights) {
      const own = variable.originalName.split('/').at(-1)!;
      const isTurned = kind.turned?.includes(own) ?? false;
      const path = [...within, layer.name, own].join('/');
      // Two layers of one name are two layers.
      const name = names.has(path) ? `${path}.${names.size}` : path;
      names.add(name);
      const weight = { name, variable, isTurned, shape: shapeInState(variable, isTurned) };
      weights.set(own, weight);
      const isTrained = model.trainable && layer.trainable && variable.trainable;
      (isTrained ? trained : others).push(weight);
    }
    of.set(layer, weights);
  }
  return { of, trained, others };
}
