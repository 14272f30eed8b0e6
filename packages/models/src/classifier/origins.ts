import { DataError, type ModelParameter, sameShape } from '@sketchgrad/core';
import { fieldOf, type TensorNaming } from '../architectures/architecture.js';
import { architectureOf } from '../architectures/table.js';
import { excerpt } from '../json/show-value.js';
import type { EncoderConfig } from '../layers/encoder-config.js';
import type { TensorStore } from '../safetensors/index.js';
import { moduleOf } from './parameters.js';
import { type FileTensor, fileTensors, TensorNames } from './tensor-names.js';

/** Where a parameter starts from: tensors of a checkpoint one below the other, or a draw. */
export type Origin = readonly string[] | 'drawn';

/** Where all parameters start from. */
export interface Origins {
  readonly of: ReadonlyMap<string, Origin>;
  /** Layers of the head that are drawn because the checkpoint does not have them. */
  readonly missing: readonly string[];
  /** Layers of the head that are drawn though the checkpoint has them, as was asked. */
  readonly replaced: readonly string[];
  /** Tensors of the checkpoint that the model has no use for, those of `replaced` left out. */
  readonly unused: readonly string[];
}

/**
 * Finds a model's parameters in a checkpoint. A layer of the head that is not there is to be drawn.
 *
 * @param newHead draws the classifier even where the checkpoint has one
 * @throws DataError for a tensor that is missing, has another shape, or is of a layer that
 * config.json does not count
 */
export function findOrigins(
  store: TensorStore,
  config: EncoderConfig,
  parameters: readonly ModelParameter[],
  newHead: boolean,
): Origins {
  const { tensors: naming, config: mapping } = architectureOf(config);
  const names = new TensorNames(store.names, naming);
  const extra = store.names.find((name) => names.layerOf(name) >= config.layers);
  if (extra)
    throw new DataError(
      store.path,
      `has the tensor '${excerpt(extra)}', but config.json says ${fieldOf(mapping, 'layers')} ${config.layers}`,
    );
  const stored = new Set(
    parameters
      .filter((parameter) => fileTensors(parameter, naming).some(({ name }) => names.find(name)))
      .map(({ name }) => moduleOf(name)),
  );
  const of = new Map<string, Origin>();
  const known = new Set<string>();
  const [missing, replaced] = [new Set<string>(), new Set<string>()];
  for (const parameter of parameters) {
    const { name } = parameter;
    const module = moduleOf(name);
    const tensors = fileTensors(parameter, naming);
    for (const tensor of tensors) known.add(names.find(tensor.name) ?? tensor.name);
    if (naming.head.includes(module) && !stored.has(module)) missing.add(module);
    else if (newHead && isClassifier(name, naming)) replaced.add(module);
    else {
      of.set(
        name,
        tensors.map((tensor) => checked(store, tensor, names.find(tensor.name))),
      );
      continue;
    }
    of.set(name, 'drawn');
  }
  const unused = store.names.filter((name) => !known.has(name) && !isIndexTable(name));
  return { of, missing: [...missing], replaced: [...replaced], unused };
}

/** The rows of a checkpoint's classifier; undefined where it has none or the model draws its own. */
export function storedClasses(
  store: TensorStore,
  naming: TensorNaming,
  newHead: boolean,
): number | undefined {
  if (newHead) return undefined;
  const found = new TensorNames(store.names, naming).find(`${classLayer(naming)}.weight`);
  return found === undefined ? undefined : store.info(found).shape[0];
}

/** The layer that has a row for each class. */
const classLayer = ({ head }: TensorNaming): string => head.at(-1)!;

/** True for a parameter that has a row for each class. */
export const hasClassRows = (name: string, naming: TensorNaming): boolean =>
  moduleOf(name) === classLayer(naming);

/** True for a layer of the head that is no part of the encoder, as BERT's pooler is. */
const isClassifier = (name: string, { head, prefix }: TensorNaming): boolean =>
  head.includes(moduleOf(name)) && !name.startsWith(`${prefix}.`);

/** @throws DataError unless the checkpoint has the tensor, under the name found, in its shape */
function checked(store: TensorStore, { name, shape }: FileTensor, found: string | undefined) {
  // Asking for a name that is not there raises the error that says so.
  const info = store.info(found ?? name);
  if (sameShape(info.shape, shape)) return info.name;
  throw new DataError(
    store.path,
    `tensor '${info.name}' is [${excerpt(info.shape.join(', '))}], the model needs [${shape.join(', ')}]`,
  );
}

/** Tables of whole numbers that PyTorch's models used to store; they say nothing of a model. */
const isIndexTable = (name: string): boolean => /(^|\.)(position_ids|token_type_ids)$/.test(name);
