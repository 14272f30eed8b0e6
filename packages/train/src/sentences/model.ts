import type {
  BuildOptions,
  Model,
  SentenceBatch,
  SentenceShape,
  TensorData,
  Value,
} from '@sketchgrad/core';

/**
 * What classifies sentences, or scores them. `@sketchgrad/models` has such models; any object of this
 * shape will do. Estimators are for the encoder's linear layers, a row for each token; pooler and
 * classifier stay dense.
 */
export interface TrainableModel extends Model<SentenceShape> {
  /**
   * Traces the forward pass, inside core's `trace()`, with every parameter declared by its name.
   *
   * @returns the mean loss of the batch, f32 [], and the logits, f32 [b, classes], or [b, 1] for
   * regression
   */
  build(options: BuildOptions<SentenceShape>): {
    readonly loss: Value;
    readonly predictions: Value;
  };
  /**
   * The graph's inputs by name from a batch: all but `key` and `settings`. Where the batch has no
   * labels, zeros stand in for them: the predictions hold, the loss does not.
   */
  inputs(batch: SentenceBatch): Record<string, TensorData>;
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
  /** The examples of these indices, in this order, without rows that belong to nobody. */
  batch(indices: readonly number[]): SentenceBatch;
  /**
   * How many tokens an example has in a batch. By it the steps of a run are known, and their memory
   * allocated, before the first one.
   */
  lengthOf(index: number): number;
}
