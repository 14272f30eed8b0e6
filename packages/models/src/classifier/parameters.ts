import { type Shape, trace } from '@sketchgrad/core';
import type { EncoderConfig } from '../checkpoint-config/index.js';
import { forward } from './forward.js';

/** A trainable tensor. */
export interface ParameterInfo {
  readonly name: string;
  readonly shape: Shape;
  /** Whether weight decay applies: not to biases and normalisations. */
  readonly decay: boolean;
}

/**
 * The parameters that a model's layers declare, in the order in which they use them. Found by
 * tracing one pass of a single token, so that names and shapes stand in the layers alone.
 */
export function listParameters(config: EncoderConfig): readonly ParameterInfo[] {
  const shape = { batchSize: 1, sequence: 1 };
  const { persistents } = trace(() => forward(config, { shape, training: false }));
  return persistents.map(({ name, value }) => ({
    name,
    shape: value.shape,
    decay: kindOf(name) === 'weight',
  }));
}

/** What a parameter is, which decides how it starts and whether it decays. */
export type ParameterKind = 'weight' | 'gain' | 'bias';

export function kindOf(name: string): ParameterKind {
  if (name.endsWith('.bias')) return 'bias';
  return name.endsWith('.LayerNorm.weight') ? 'gain' : 'weight';
}

/** True for a tensor of the classification head, which a pretrained encoder comes without. */
export const isHead = (name: string): boolean => /^(bert\.pooler|classifier)\./.test(name);
