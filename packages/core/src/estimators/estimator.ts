import { checkEstimator } from '../checks/check-estimator.js';
import { checkText, optional } from '../checks/check-members.js';
import { checkOptions, type OptionNames } from '../checks/check-options.js';
import { priorityInput } from '../contracts/step-inputs.js';
import { UsageError } from '../errors.js';
import { checkKey, checkValue } from '../graph/arguments.js';
import { input } from '../graph/leaves.js';
import type { Value } from '../graph/value.js';
import type { Windows } from '../ops/windows.js';
import { type Key, newKey } from '../random/key.js';
import type { HasVariance } from '../variance/moments.js';

/** What stands in an activation's place until the backward pass, by name. */
export type Kept = Readonly<Record<string, Value>>;

/** What a convolution's weights get their gradient from, beside what is kept. */
export interface ConvolutionCotangent {
  /** The output's cotangent, f32 [batch, places down, places across, outputs]. */
  readonly dy: Value;
  readonly windows: Windows;
  /** Of the images. */
  readonly channels: number;
}

/**
 * How a linear layer's weight gradient is obtained without its input X. Made of graph ops, so that
 * a backend knows only those.
 */
export interface GradientEstimator extends HasVariance {
  /**
   * Builds what is kept in x's place, in the forward pass.
   * @param x f32 [rows, inputs]
   * @param key a stream of its own; undefined for an estimator that is not random
   * @param priorities a guess of each row's ‖y_i‖², f32 [rows]; undefined unless it ranks rows
   */
  keep(x: Value, key: Key | undefined, priorities: Value | undefined): Kept;
  /**
   * Builds the estimate of dW = Yᵀ X, in the backward pass.
   * @param y the output's cotangent, f32 [rows, outputs]
   * @param inputs features of X
   * @returns f32 [outputs, inputs]
   */
  weightGradient(kept: Kept, y: Value, key: Key | undefined, inputs: number): Value;
  /**
   * Builds x̂ where the estimate of Yᵀ X is Yᵀ x̂: patches are made of it where x is the pixels of images, which
   * takes less than to be asked for a gradient for each pixel of a window. Absent where nothing like x can be made without more room.
   * @param shape of X
   * @returns f32 [rows, inputs]
   */
  restore?(kept: Kept, key: Key | undefined, shape: readonly [rows: number, inputs: number]): Value;
  /**
   * Builds the gradient of a convolution's weights, for an estimator that looks at a layer as a whole, once; it
   * follows from `restore` or `weightGradient` where that is absent. See {@link convolutionGradient}.
   * @param kept of the images' pixels
   * @returns f32 [outputs, window rows · window columns · channels]
   */
  convolutionGradient?(kept: Kept, of: ConvolutionCotangent, key: Key | undefined): Value;
  /** Bytes of what is kept for x of [rows, inputs]. @throws UsageError for what is no such shape */
  bytes(shape: readonly [rows: number, inputs: number]): number;
  /** Whether it draws random numbers. */
  readonly random: boolean;
  /** Whether E[dŴ] = dW. */
  readonly unbiased: boolean;
  /**
   * Whether it treats rows by a guess of the norms of their cotangents. A wrong guess costs
   * variance, never bias. See {@link priorityInput}.
   */
  readonly ranksRows: boolean;
  /** ρ, the share of the rows that it keeps, at least one of them; absent where it keeps no fewer rows. */
  readonly rate?: number;
}

/** An input together with what was kept of it, for layers that share it (query, key and value). */
export interface KeptInput {
  readonly x: Value;
  readonly kept: Kept;
  readonly estimator: GradientEstimator;
  readonly key: Key | undefined;
  /** The layer's name, under which its rows' norms are handed in and out. */
  readonly name: string | undefined;
}

/** How {@link keepInput} keeps. */
export interface KeepOptions {
  readonly estimator: GradientEstimator;
  /** The run's key; the estimator draws from a stream of its own under it. */
  readonly key?: Key;
  /** The layer's name, for an estimator that ranks rows. */
  readonly name?: string;
}

/** What {@link KeepOptions} are checked by, where the estimator may be left to what keeps x. */
export const KEEP_OPTIONS: OptionNames<KeepOptions> = {
  estimator: optional(checkEstimator),
  key: optional(checkKey),
  name: optional(checkText),
};

/**
 * Keeps x as the estimator does, once for all the layers that read it. For an estimator that ranks
 * rows it declares the graph input `rowPriorities.NAME`, f32 [rows].
 *
 * @throws UsageError when a random estimator gets no key, or one that ranks rows no name
 */
export function keepInput(x: Value, options: KeepOptions): KeptInput {
  checkValue('keepInput: x', x);
  checkOptions('keepInput', options, { ...KEEP_OPTIONS, estimator: checkEstimator });
  const { estimator, key, name } = options;
  if (estimator.random && !key)
    throw new UsageError(`the estimator '${estimator.name}' draws random numbers: pass a key`);
  if (estimator.ranksRows && name === undefined)
    throw new UsageError(`the estimator '${estimator.name}' ranks rows: pass the layer's name`);
  const own = estimator.random ? newKey(key!.value) : undefined;
  const priorities = estimator.ranksRows ? input(priorityInput(name!), [x.shape[0]!]) : undefined;
  return { x, kept: estimator.keep(x, own, priorities), estimator, key: own, name };
}
