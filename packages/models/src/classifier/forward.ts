import {
  type BuildOptions,
  checkEstimators,
  constant,
  gather,
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
import { type Pass, startPass } from '../layers/pass.js';

/**
 * Traces a forward pass with its loss. Declares the graph inputs tokenIds, tokenTypeIds (where the
 * model has types) and positionIds, i32 [batch · sequence], attentionMask, i32 [batch, sequence], labels, i32 [batch]
 * (f32 for regression) and, for training, key, i32 [2].
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
    'sequence',
  ]);
  if (options.estimator !== undefined) checkEstimators('estimator', options.estimator);
  checkSequence(config, options.shape.sequence);
  const architecture = architectureOf(config);
  const pass = startPass(config, architecture.tensors.prefix, options);
  const hidden = encoder(architecture, pass);
  return scope('head', () => {
    const predictions = architecture.head(firstTokens(hidden, pass), pass);
    return { loss: classificationLoss(predictions, pass), predictions };
  });
}

/** f32 [batch · sequence, hidden] → f32 [batch, hidden]. */
function firstTokens(hidden: Value, { batchSize, sequence }: Pass): Value {
  const rows = Int32Array.from({ length: batchSize }, (_, index) => index * sequence);
  return gather(hidden, constant(rows));
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
