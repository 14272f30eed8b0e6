import {
  type BuildOptions,
  checkEstimators,
  type SentenceShape,
  scope,
  UsageError,
  type Value,
} from '@sketchgrad/core';
import { encoder } from '../architectures/encoder.js';
import { architectureOf, longestSequence } from '../architectures/table.js';
import { checkBuild } from '../checks/kinds.js';
import type { EncoderConfig } from '../layers/encoder-config.js';
import { classificationLoss } from '../layers/loss.js';
import { startPass } from '../layers/pass.js';

/**
 * Traces a forward pass with its loss. Declares the graph inputs tokenIds, tokenTypeIds (where the
 * model has types), positionIds and attentionMask, i32 [rows], starts, i32 [batchSize + 1], labels, i32
 * [batchSize] (f32 for regression) and, for training, key, i32 [2].
 *
 * @returns the loss, f32 [], and the logits, f32 [batch, labels]
 * @throws UsageError for a sequence that is longer than the model's positions
 */
export function forward(
  config: EncoderConfig,
  options: BuildOptions<SentenceShape>,
): { readonly loss: Value; readonly predictions: Value } {
  checkBuild(options, { shape: true, training: true, estimator: true, keep: true }, [
    'batchSize',
    'rows',
    'longest',
  ]);
  if (options.estimator !== undefined) checkEstimators('estimator', options.estimator);
  checkSequence(config, options.shape.longest);
  const architecture = architectureOf(config);
  const pass = startPass(config, architecture.tensors.prefix, options);
  const first = encoder(architecture, pass);
  return scope('head', () => {
    const predictions = architecture.head(first, pass);
    return { loss: classificationLoss(predictions, pass), predictions };
  });
}

/** @throws UsageError for a sequence that is longer than the model's positions */
export function checkSequence(config: EncoderConfig, sequence: number): void {
  const longest = longestSequence(config);
  if (sequence > longest)
    throw new UsageError(
      `a sequence of ${sequence} tokens is longer than the ${longest} positions of the model; ` +
        `at most ${longest} are accepted`,
    );
}
