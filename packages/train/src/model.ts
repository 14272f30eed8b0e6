import type {
  DeviceState,
  GradientEstimator,
  KeepChoice,
  LayerEstimators,
  Shape,
  TensorData,
  Value,
} from '@sketchgrad/core';

/** The sizes of one step, for which its graph is traced. */
export interface StepShape {
  /** Examples in the batch. */
  readonly batchSize: number;
  /** Tokens of each example, padding included. */
  readonly sequence: number;
}

/** What a model is told when it traces its forward pass. */
export interface BuildOptions {
  readonly shape: StepShape;
  /** True for a training step: dropout is on, and the graph has the input `key`, i32 [2]. */
  readonly training: boolean;
  /**
   * For the encoder's linear layers (rows = batch · tokens), one for all or chosen by layer (core's
   * `estimatorOf` tells); pooler and classifier stay dense. Left out: dense.
   */
  readonly estimator?: GradientEstimator | LayerEstimators;
  /**
   * What the layers between keep in few bits. `gelu` is for the model to heed; the rest is done to
   * its graph.
   */
  readonly keep?: KeepChoice;
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

/** One trainable tensor of a model, f32. */
export interface ModelParameter {
  readonly name: string;
  readonly shape: Shape;
  /** Whether weight decay applies to it: not to biases and norms. */
  readonly decay: boolean;
}

/**
 * What can be trained. `@sketchgrad/models` has such models; any object of this shape will do.
 *
 * Random numbers: a graph counts its streams up from 0 under the key (seed, micro-step), micro-steps
 * counting from 0; data order has the stream 0xffffffff under (seed, epoch). `initialize` draws under
 * (seed, −1), or from other streams.
 */
export interface TrainableModel {
  /**
   * What it is made with, by name, as JSON can hold it: a run that is resumed with another is refused by
   * the names that differ.
   */
  readonly config?: object;
  readonly parameters: readonly ModelParameter[];
  /**
   * Traces the forward pass, inside core's `trace()`, with every parameter declared by its name.
   *
   * @returns the mean loss of the batch, f32 [], and the logits, f32 [b, classes], or [b, 1] for
   * regression
   */
  build(options: BuildOptions): { readonly loss: Value; readonly predictions: Value };
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
  /**
   * Writes the starting weights into a state in which they are allocated. `seed` draws what a
   * checkpoint does not have (the classifier).
   */
  initialize(state: DeviceState, options: { readonly seed: number }): Promise<void>;
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
