import { UsageError } from '@sketchgrad/core';
import { LAYER_KINDS } from '../layers/index.js';
import type { LayerConfig, LayerKind, TfLayer } from '../layers/kind.js';
import { regularizersOf } from './regularizers.js';

/**
 * How a layer is traced.
 * @throws UsageError, by the layer's name and class, for one that is not supported, or with a setting
 * that is not
 */
export function supportedLayer(layer: TfLayer): LayerKind {
  const name = layer.getClassName();
  const kind = LAYER_KINDS.get(name);
  if (!kind)
    throw new UsageError(
      `layer '${layer.name}' is a ${name}, which is not supported; supported are ${[...LAYER_KINDS.keys()].join(', ')}, and models of them`,
    );
  const config = layer.getConfig() as LayerConfig;
  regularizersOf(layer.name, config);
  const unsupported = Object.keys(config).find(
    (key) => key.endsWith('Constraint') && config[key] !== null && config[key] !== undefined,
  );
  if (unsupported !== undefined)
    throw new UsageError(
      `layer '${layer.name}' has a ${unsupported}, which is not supported; leave it out`,
    );
  return kind;
}
