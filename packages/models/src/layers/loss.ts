import {
  crossEntropy,
  input,
  reshape,
  scale,
  squaredNorm,
  subtract,
  type Value,
} from '@sketchgrad/core';
import type { Pass } from './pass.js';

/**
 * The mean loss of a batch, f32 []: cross entropy with the input `labels`, i32 [batch], or for
 * regression the squared error to it, f32 [batch].
 *
 * @param logits f32 [batch, labels]
 */
export function classificationLoss(logits: Value, { config, shape: { batchSize } }: Pass): Value {
  if (config.problemType === 'classification')
    return crossEntropy(logits, input('labels', [batchSize], 'i32'))[0];
  const error = subtract(reshape(logits, [batchSize]), input('labels', [batchSize]));
  return scale(squaredNorm(error), 1 / batchSize);
}
