import type { Value, WindowOptions } from '@sketchgrad/core';
import type { LayerVariable, layers } from '@tensorflow/tfjs-layers';
import type { Activated } from '../activations/index.js';

/** A layer of TensorFlow.js. */
export type TfLayer = layers.Layer;

/** A layer's settings, as its `getConfig()` gives them. */
export type LayerConfig = Readonly<Record<string, unknown>>;

/** What a layer traces itself with. */
export interface LayerContext extends Activated {
  /** Whether it is a training step: dropout is on, statistics are the batch's. */
  readonly training: boolean;
  readonly config: LayerConfig;
  /** Whether it has a weight of that name: `bias`. */
  has(weight: string): boolean;
  /** A weight of the layer, f32, by its own name: `kernel`; one of two axes as they lie in TensorFlow.js, turned round. */
  weight(name: string): Value;
  /** Zeroes elements with that probability, under a stream of its own. f32, any shape. */
  dropout(x: Value, rate: number): Value;
  /** x [rows, inputs] times a weight [outputs, inputs], kept as the run's estimator does: f32 [rows, outputs]. */
  linear(x: Value, weight: Value, bias: Value | undefined): Value;
  /**
   * Patches of images, f32 [batch, rows, columns, channels], times a weight [outputs, window], the images kept as
   * the run's estimator does: f32 [batch, places down, places across, outputs].
   */
  convolution(x: Value, weight: Value, bias: Value | undefined, window: WindowOptions): Value;
}

/** How layers of some classes are traced. */
export interface LayerKind {
  /** `className` of TensorFlow.js: `Dense`. */
  readonly classes: readonly string[];
  /** Weights that lie in a state with their last axis first, by their own names. None unless given. */
  readonly turned?: readonly string[];
  /** Rows of the table that it reads by its input, which is indices, i32; it is no indices unless given. */
  readonly indices?: (config: LayerConfig) => number;
  /**
   * @param inputs f32 [batch, …], or i32 where the kind says so
   * @throws UsageError for settings that are not supported
   */
  trace(inputs: readonly Value[], context: LayerContext): Value;
}

/** A weight of a layer. */
export type TfWeight = LayerVariable;
