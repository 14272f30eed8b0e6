import { checkEstimators, scope, UsageError, type Value } from '@sketchgrad/core';
import { type EncoderConfig, longestSequence } from '../checkpoint-config/index.js';
import { checkBuild } from '../checks/kinds.js';
import { classificationHead } from '../layers/classification-head.js';
import { encoder } from '../layers/encoder.js';
import { classificationLoss } from '../layers/loss.js';
import { type BuildOptions, startPass } from '../layers/pass.js';

/**
 * Traces a forward pass with its loss. Declares the graph inputs tokenIds, tokenTypeIds and
 * positionIds, i32 [batch · sequence], attentionMask, i32 [batch, sequence], labels, i32 [batch]
 * (f32 for regression) and, for training, key, i32 [2].
 *
 * @returns the loss, f32 [], and the logits, f32 [batch, labels]
 * @throws UsageError for a sequence that is longer than the model's positions
 */
export function forward(
  config: EncoderConfig,
  options: BuildOptions,
): { readonly loss: Value; readonly predictions: Value } {
  checkBuild(options, { shape: true, training: true, estimator: true, keep: true }, [
    'batchSize',
    'sequence',
  ]);
  if (options.estimator !== undefined) checkEstimators('estimator', options.estimator);
  checkSequence(config, options.shape.sequence);
  const pass = startPass(config, options);
  const hidden = encoder(pass);
  return scope('head', () => {
    const predictions = classificationHead(hidden, pass);
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
