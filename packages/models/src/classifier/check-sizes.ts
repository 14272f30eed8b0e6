import { DataError } from '@sketchgrad/core';
import type { EncoderShape } from '../checkpoint-config/parse.js';
import { excerpt } from '../json/show-value.js';
import type { TensorStore } from '../safetensors/index.js';
import { TensorNames } from './tensor-names.js';

const EMBEDDINGS = 'embeddings.';
const FIRST_LAYER = 'encoder.layer.0.';

/** Where a checkpoint shows a size of config.json: a tensor and which of its dimensions. */
const SHOWN_BY = {
  vocab_size: [`${EMBEDDINGS}word_embeddings.weight`, 0],
  hidden_size: [`${EMBEDDINGS}word_embeddings.weight`, 1],
  max_position_embeddings: [`${EMBEDDINGS}position_embeddings.weight`, 0],
  type_vocab_size: [`${EMBEDDINGS}token_type_embeddings.weight`, 0],
  intermediate_size: [`${FIRST_LAYER}intermediate.dense.weight`, 0],
} as const;

/**
 * Compares the sizes of a config.json with a checkpoint's header, before anything is made that grows
 * with them.
 *
 * @throws DataError naming the field and the tensor that differ, or the tensor that is missing
 */
export function checkSizes(configFile: string, shape: EncoderShape, store: TensorStore): void {
  const { architecture, layers } = shape;
  const sizes: Readonly<Record<keyof typeof SHOWN_BY, number>> = {
    vocab_size: shape.vocabularySize,
    hidden_size: shape.hiddenSize,
    max_position_embeddings: shape.maxPositions,
    type_vocab_size: shape.typeVocabularySize,
    intermediate_size: shape.intermediateSize,
  };
  const names = new TensorNames(store.names, architecture);
  for (const [field, [tensor, dimension]] of Object.entries(SHOWN_BY)) {
    const name = `${architecture}.${tensor}`;
    const info = store.info(names.find(name) ?? name);
    const size = sizes[field as keyof typeof SHOWN_BY];
    if (info.shape[dimension] !== size)
      throw new DataError(
        configFile,
        `"${field}" is ${size}, but '${info.name}' in ${store.path} is [${excerpt(info.shape.join(', '))}]`,
      );
  }
  const stored = new Set(
    store.names.map((name) => names.layerOf(name)).filter((layer) => layer >= 0),
  ).size;
  if (layers > stored)
    throw new DataError(
      configFile,
      `"num_hidden_layers" is ${layers}, but ${store.path} has the tensors of ${stored}`,
    );
}
