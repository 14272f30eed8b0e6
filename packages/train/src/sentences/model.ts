import type { TensorData, Value } from '@sketchgrad/core';
import type { BuildOptions, Model } from '../model.js';

/** The sizes of a step over sentences. */
export interface StepShape {
  /** Examples in the batch. */
  readonly batchSize: number;
  /** Tokens of each example, padding included. */
  readonly sequence: number;
}

/** Examples of one step, padded to one length. b = batchSize, T = sequence. */
export interface ModelBatch {
  readonly batchSize: number;
  readonly sequence: number;
  /** [b · T] */
  readonly tokenIds: Int32Array;
  /** Which of the two sentences each token belongs to, 0 or 1: [b · T] */
  readonly tokenTypeIds: Int32Array;
  /** 1 for a token, 0 for padding: [b · T] */
  readonly attentionMask: Int32Array;
  /** Classes, or values for regression: [b]. Absent where they are not known. */
  readonly labels?: Int32Array | Float32Array;
}

/**
 * What classifies sentences, or scores them. `@sketchgrad/models` has such models; any object of this
 * shape will do. Estimators are for the encoder's linear layers (rows = batch · tokens); pooler and
 * classifier stay dense.
 */
export interface TrainableModel extends Model<StepShape> {
  /**
   * Traces the forward pass, inside core's `trace()`, with every parameter declared by its name.
   *
   * @returns the mean loss of the batch, f32 [], and the logits, f32 [b, classes], or [b, 1] for
   * regression
   */
  build(options: BuildOptions<StepShape>): { readonly loss: Value; readonly predictions: Value };
  /**
   * The graph's inputs by name from a batch: all but `key` and `settings`. Where the batch has no
   * labels, zeros stand in for them: the predictions hold, the loss does not.
   */
  inputs(batch: ModelBatch): Record<string, TensorData>;
  /**
   * Refuses labels that it has no logit for, so that all of them are known to fit before the first step;
   * left out, each is first looked at in its batch.
   *
   * @param labels of all examples: [n]
   * @throws UsageError with the example and what is accepted
   */
  checkLabels?(labels: Int32Array | Float32Array): void;
}

/** Examples to train on or to evaluate. `@sketchgrad/datasets` gives such objects. */
export interface TrainingData {
  /** How many examples there are. */
  readonly length: number;
  /** The labels of all examples, [length]; null where there are none, left out where nobody knows yet. */
  readonly labels?: Int32Array | Float32Array | null;
  /** The examples of these indices, in this order, padded to the longest one's bucket. */
  batch(indices: readonly number[]): ModelBatch;
  /**
   * The length in tokens that an example is padded to when alone. With it the largest step of a run
   * is known, and its memory allocated, before the first one.
   */
  sequenceOf?(index: number): number;
}
