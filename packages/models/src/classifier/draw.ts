import {
  elements,
  GAUSSIANS_PER_BLOCK,
  gaussianIndex,
  gaussianTable,
  type ModelParameter,
  threefry2x32,
} from '@sketchgrad/core';
import { architectureOf } from '../architectures/table.js';
import type { EncoderConfig } from '../layers/encoder-config.js';
import { kindOf } from './parameters.js';

/** The key's second half for starting weights: training counts its steps from 0, so none has it. */
const INITIAL_STEP = -1;

/**
 * A parameter's random start, as transformers draws it: weights N(0, initializerRange) with zeros
 * for the padding token's row, gains 1, biases 0. Bit-exact for a seed.
 *
 * @param stream a number of the parameter's own
 * @returns row after row
 */
export function drawParameter(
  config: EncoderConfig,
  { name, shape }: Pick<ModelParameter, 'name' | 'shape'>,
  { seed, stream }: { seed: number; stream: number },
): Float32Array {
  const values = new Float32Array(elements({ shape, dtype: 'f32' }));
  const kind = kindOf(name, architectureOf(config).tensors);
  if (kind === 'gain') values.fill(1);
  if (kind !== 'weight') return values;
  drawNormal(values, config.initializerRange, seed, stream);
  if (hasPaddingRow(config, name)) {
    const start = config.padTokenId * config.hiddenSize;
    values.fill(0, start, start + config.hiddenSize);
  }
  return values;
}

/** Element e takes the table index in slot e mod 5 of block ⌊e/5⌋. */
function drawNormal(values: Float32Array, deviation: number, seed: number, stream: number): void {
  const table = gaussianTable();
  for (let first = 0, block = 0; first < values.length; first += GAUSSIANS_PER_BLOCK, block++) {
    const [word0, word1] = threefry2x32(seed | 0, INITIAL_STEP, stream, block);
    const count = Math.min(GAUSSIANS_PER_BLOCK, values.length - first);
    for (let slot = 0; slot < count; slot++)
      values[first + slot] = deviation * table[gaussianIndex(word0, word1, slot)]!;
  }
}

const hasPaddingRow = (config: EncoderConfig, name: string): boolean =>
  name.endsWith('.word_embeddings.weight') ||
  (architectureOf(config).positions.countTokens && name.endsWith('.position_embeddings.weight'));
