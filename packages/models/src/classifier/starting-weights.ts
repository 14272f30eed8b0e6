import { DataError, elements, type ModelParameter } from '@sketchgrad/core';
import { architectureOf } from '../architectures/table.js';
import type { EncoderConfig } from '../layers/encoder-config.js';
import type { TensorStore } from '../safetensors/index.js';
import { drawParameter } from './draw.js';
import { findOrigins, hasClassRows } from './origins.js';

/** Where weights come from. */
export interface WeightSource {
  /** Opens a checkpoint, which is closed after use; without one every weight is drawn. */
  readonly weights?: () => Promise<TensorStore>;
  /** Draws the classifier even where the checkpoint has one. */
  readonly newHead?: boolean;
  /** The row of the checkpoint's classifier for each class; without them they are in order. */
  readonly classRows?: readonly number[];
}

/**
 * Hands over the starting value of each parameter, one at a time, so that a model is never in host
 * memory as a whole: read from the checkpoint, or drawn from the seed.
 *
 * @throws DataError for a tensor that is missing, has another shape, or holds NaN or infinity
 */
export async function startingWeights(
  config: EncoderConfig,
  parameters: readonly ModelParameter[],
  { weights, newHead = false, classRows }: WeightSource,
  seed: number,
  write: (name: string, values: Float32Array) => Promise<void>,
): Promise<void> {
  const store = await weights?.();
  try {
    const origins = store && findOrigins(store, config, parameters, newHead);
    for (const [stream, parameter] of parameters.entries()) {
      const { name, shape } = parameter;
      const origin = origins?.of.get(name) ?? 'drawn';
      if (!store || origin === 'drawn') {
        await write(name, drawParameter(config, parameter, { seed, stream }));
        continue;
      }
      const values = await readJoined(store, origin, elements({ shape, dtype: 'f32' }));
      const isReordered = classRows && hasClassRows(name, architectureOf(config).tensors);
      await write(name, isReordered ? reordered(values, classRows) : values);
    }
  } finally {
    await store?.close();
  }
}

/** Tensors of a checkpoint one after the other. */
async function readJoined(
  store: TensorStore,
  names: readonly string[],
  length: number,
): Promise<Float32Array> {
  const joined = new Float32Array(length);
  const each = length / names.length;
  for (const [index, name] of names.entries()) {
    const part = joined.subarray(index * each, (index + 1) * each);
    await store.readFloat32(name, part);
    const wrong = part.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new DataError(
        store.path,
        `tensor '${name}' holds ${part[wrong]} at element ${wrong}; weights must be finite`,
      );
  }
  return joined;
}

/** Rows in another order. */
function reordered(values: Float32Array, rows: readonly number[]): Float32Array {
  const width = values.length / rows.length;
  const result = new Float32Array(values.length);
  for (const [place, row] of rows.entries())
    result.set(values.subarray(row * width, (row + 1) * width), place * width);
  return result;
}
