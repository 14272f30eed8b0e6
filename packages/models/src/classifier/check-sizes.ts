import { DataError } from '@sketchgrad/core';
import { fieldOf, type SizeName } from '../architectures/architecture.js';
import { architectureOf } from '../architectures/table.js';
import { excerpt } from '../json/show-value.js';
import type { EncoderShape } from '../layers/encoder-config.js';
import type { TensorStore } from '../safetensors/index.js';
import { TensorNames } from './tensor-names.js';

/**
 * Compares the sizes of a config.json with a checkpoint's header, before anything is made that grows
 * with them.
 *
 * @throws DataError naming the field and the tensor that differ, or the tensor that is missing
 */
export function checkSizes(configFile: string, shape: EncoderShape, store: TensorStore): void {
  const { config, tensors } = architectureOf(shape);
  const names = new TensorNames(store.names, tensors);
  for (const [setting, [tensor, dimension]] of Object.entries(tensors.sizes)) {
    const size = setting as SizeName;
    const name = `${tensors.prefix}.${tensor}`;
    const info = store.info(names.find(name) ?? name);
    if (info.shape[dimension] !== shape[size])
      throw new DataError(
        configFile,
        `"${fieldOf(config, size)}" is ${shape[size]}, but '${info.name}' in ${store.path} is [${excerpt(info.shape.join(', '))}]`,
      );
  }
  const stored = new Set(
    store.names.map((name) => names.layerOf(name)).filter((layer) => layer >= 0),
  ).size;
  if (shape.layers > stored)
    throw new DataError(
      configFile,
      `"${fieldOf(config, 'layers')}" is ${shape.layers}, but ${store.path} has the tensors of ${stored}`,
    );
}
