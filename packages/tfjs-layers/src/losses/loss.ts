import type { Value } from '@sketchgrad/core';

/** What a model gives, and where it comes from. */
export interface ModelOutput {
  /** f32 [batch, ...] */
  readonly value: Value;
  /** What it is a softmax or a sigmoid of, where it is one: a loss of those neither overflows nor cancels. */
  readonly scores?: { readonly by: 'softmax' | 'sigmoid'; readonly value: Value };
}

/** What a batch's loss is made by. */
export interface Loss {
  /** As TensorFlow.js calls it: `meanSquaredError`. */
  readonly name: string;
  /** `values`: f32, of the output's shape. `classes`: i32, the output's without its last axis. */
  readonly targets: 'values' | 'classes';
  /** The mean over the batch, f32 []. */
  of(output: ModelOutput, targets: Value): Value;
}

/** Probabilities of which a logarithm is taken count as no less, as in TensorFlow.js. */
export const LEAST_PROBABILITY = 1e-7;
