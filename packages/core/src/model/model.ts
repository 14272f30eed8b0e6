import type { KeepChoice } from '../autodiff/keep-choice.js';
import type { GradientEstimator } from '../estimators/estimator.js';
import type { LayerEstimators } from '../estimators/layer-estimators.js';
import type { DeviceState } from '../execution/contract.js';
import type { Shape } from '../graph/types.js';
import type { Value } from '../graph/value.js';

/** What a model is told when it traces its forward pass. */
export interface BuildOptions<Sizes> {
  /** The sizes of the step, for which its graph is traced. */
  readonly shape: Sizes;
  /** True for a training step: dropout is on, and the graph has the input `key`, i32 [2]. */
  readonly training: boolean;
  /**
   * For the linear layers and convolutions, one for all or chosen by layer (core's `estimatorOf` tells). Left out: dense.
   */
  readonly estimator?: GradientEstimator | LayerEstimators;
  /**
   * What the layers between keep in few bits. `gelu` is for the model to heed; the rest is done to
   * its graph.
   */
  readonly keep?: KeepChoice;
}

/** One trainable tensor of a model, f32. */
export interface ModelParameter {
  readonly name: string;
  readonly shape: Shape;
  /** Whether weight decay applies to it: not to biases and norms. */
  readonly decay: boolean;
}

/**
 * What can be trained, whatever its inputs are: an object of this shape, with a source of steps (`StepSource` of `@sketchgrad/train`) that says what it is
 * trained on.
 *
 * Random numbers: a graph counts its streams up from 0 under the key (seed, micro-step), micro-steps
 * counting from 0; data order has the stream 0xffffffff under (seed, epoch). `initialize` draws under
 * (seed, −1), or from other streams.
 */
export interface Model<Sizes> {
  /**
   * What it is made with, by name, as JSON can hold it: a run that is resumed with another is refused by
   * the names that differ.
   */
  readonly config?: object;
  readonly parameters: readonly ModelParameter[];
  /** Tensors that a step changes without a gradient: running means and variances. None unless given. */
  readonly statistics?: readonly { readonly name: string; readonly shape: Shape }[];
  /**
   * Traces the forward pass, inside core's `trace()`, with every parameter declared by its name.
   *
   * @returns the mean loss of the batch, f32 [], and what else an evaluation looks at, by name
   */
  build(options: BuildOptions<Sizes>): { readonly loss: Value; readonly [output: string]: Value };
  /**
   * Writes the starting weights into a state in which they are allocated. `seed` draws what no file has.
   */
  initialize(state: DeviceState, options: { readonly seed: number }): Promise<void>;
}
