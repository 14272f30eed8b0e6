import { type ModelParameter, trace } from '@sketchgrad/core';
import type { TensorNaming } from '../architectures/architecture.js';
import { architectureOf } from '../architectures/table.js';
import type { EncoderConfig } from '../layers/encoder-config.js';
import { forward } from './forward.js';

/**
 * The parameters that a model's layers declare, in the order in which they use them. Found by
 * tracing one pass of a single token, so that names and shapes stand in the layers alone.
 */
export function listParameters(config: EncoderConfig): readonly ModelParameter[] {
  const { tensors } = architectureOf(config);
  const shape = { batchSize: 1, rows: 1, longest: 1 };
  const { persistents } = trace(() => forward(config, { shape, training: false }));
  return persistents.map(({ name, value }) => ({
    name,
    shape: value.shape,
    decay: kindOf(name, tensors) === 'weight',
  }));
}

/** What a parameter is, which decides how it starts and whether it decays. */
export type ParameterKind = 'weight' | 'gain' | 'bias';

export function kindOf(name: string, { norms }: TensorNaming): ParameterKind {
  if (name.endsWith('.bias')) return 'bias';
  const layer = moduleOf(name);
  return norms.includes(layer.slice(layer.lastIndexOf('.') + 1)) ? 'gain' : 'weight';
}

/** The layer that a parameter is of. */
export const moduleOf = (name: string): string => name.slice(0, name.lastIndexOf('.'));
