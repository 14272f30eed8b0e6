import { DataError, type Shape, sameShape } from '@sketchgrad/core';
import type { EncoderConfig } from '../checkpoint-config/index.js';
import type { TensorStore } from '../safetensors/index.js';
import { isHead, type ParameterInfo } from './parameters.js';

/** A tensor of a Hugging Face checkpoint. */
export interface FileTensor {
  readonly name: string;
  readonly shape: Shape;
}

/**
 * The tensors of a checkpoint that make up a parameter, one below the other: itself, or query, key
 * and value for the layer in which they are fused.
 */
export function fileTensors({ name, shape }: FileTensor): readonly FileTensor[] {
  if (!name.includes('.query_key_value.')) return [{ name, shape }];
  const [rows, ...columns] = shape as [number, ...number[]];
  return ['query', 'key', 'value'].map((part) => ({
    name: name.replace('query_key_value', part),
    shape: [rows / 3, ...columns],
  }));
}

/** Where a parameter starts from: tensors of a checkpoint one below the other, or a draw. */
export type Origin = readonly string[] | 'drawn';

/**
 * Finds a model's parameters in a checkpoint. Tensors may lack the prefix `bert.` or `roberta.`, and
 * normalisations may have the names of old, gamma and beta; tensors that the model has no use for,
 * such as `position_ids` or another task's head, are passed over. A layer of the head that is not
 * there is to be drawn.
 *
 * @param newHead draws the classifier even where the checkpoint has one
 * @throws DataError for a tensor that is missing, has another shape, or is of a layer that
 * config.json does not count
 */
export function findOrigins(
  store: TensorStore,
  { architecture, layers }: EncoderConfig,
  parameters: readonly ParameterInfo[],
  newHead: boolean,
): ReadonlyMap<string, Origin> {
  const extra = store.names.find((name) => layerOf(name) >= layers);
  if (extra)
    throw new DataError(
      store.path,
      `has the tensor '${extra}', but config.json says num_hidden_layers ${layers}`,
    );
  const find = (name: string) => spellings(name, architecture).find((known) => store.has(known));
  const layerIsMissing = (name: string) =>
    !parameters.some((other) => moduleOf(other.name) === moduleOf(name) && find(other.name));
  const origins = new Map<string, Origin>();
  for (const parameter of parameters) {
    const { name } = parameter;
    const isDrawn =
      isHead(name) && ((newHead && name.startsWith('classifier.')) || layerIsMissing(name));
    origins.set(
      name,
      isDrawn
        ? 'drawn'
        : fileTensors(parameter).map((tensor) => checked(store, tensor, find(tensor.name))),
    );
  }
  return origins;
}

/** @throws DataError unless the checkpoint has the tensor, under the name found, in its shape */
function checked(store: TensorStore, { name, shape }: FileTensor, found: string | undefined) {
  // Asking for a name that is not there raises the error that says so.
  const info = store.info(found ?? name);
  if (sameShape(info.shape, shape)) return info.name;
  const advice = name.startsWith('classifier.')
    ? '; choose the labels that it was trained for, or ask for a new head'
    : '';
  throw new DataError(
    store.path,
    `tensor '${info.name}' is [${info.shape.join(', ')}], the model needs [${shape.join(', ')}]${advice}`,
  );
}

/** The names under which checkpoints have a tensor. */
function spellings(name: string, prefix: string): readonly string[] {
  const old = name
    .replace(/\.LayerNorm\.weight$/, '.LayerNorm.gamma')
    .replace(/\.LayerNorm\.bias$/, '.LayerNorm.beta');
  const bare = (full: string) =>
    full.startsWith(`${prefix}.`) ? full.slice(prefix.length + 1) : full;
  return [name, bare(name), old, bare(old)];
}

/** The layer that a tensor of the encoder belongs to; −1 for others. */
function layerOf(name: string): number {
  const layer = /^(?:(?:bert|roberta)\.)?encoder\.layer\.(\d+)\./.exec(name)?.[1];
  return layer === undefined ? -1 : Number(layer);
}

const moduleOf = (name: string): string => name.slice(0, name.lastIndexOf('.'));
