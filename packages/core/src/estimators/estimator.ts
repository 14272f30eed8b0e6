import { UsageError } from '../errors.js';
import type { Value } from '../graph/value.js';
import { type Key, newKey } from '../random/key.js';
import type { Moments } from '../variance/moments.js';

/** What stands in an activation's place until the backward pass, by name. */
export type Kept = Readonly<Record<string, Value>>;

/**
 * How a linear layer's weight gradient is obtained without its input X. Made of graph ops, so that
 * a backend knows only those.
 */
export interface GradientEstimator {
  readonly name: string;
  /**
   * Builds what is kept in x's place, in the forward pass.
   * @param x f32 [rows, inputs]
   * @param key a stream of its own; undefined for an estimator that is not random
   */
  keep(x: Value, key: Key | undefined): Kept;
  /**
   * Builds the estimate of dW = Yᵀ X, in the backward pass.
   * @param y the output's cotangent, f32 [rows, outputs]
   * @returns f32 [outputs, inputs]
   */
  weightGradient(kept: Kept, y: Value, key: Key | undefined): Value;
  /** Exact E‖dŴ − dW‖²_F at these moments. */
  variance(moments: Moments): number;
  /** Bytes of what is kept for x of [rows, inputs]. */
  bytes(shape: readonly [rows: number, inputs: number]): number;
  /** Whether it draws random numbers. */
  readonly random: boolean;
}

/** An input together with what was kept of it, for layers that share it (query, key and value). */
export interface KeptInput {
  readonly x: Value;
  readonly kept: Kept;
  readonly estimator: GradientEstimator;
  readonly key: Key | undefined;
}

/**
 * Keeps x as the estimator does, once for all the layers that read it.
 *
 * @param key the run's key; the estimator draws from a stream of its own under it
 * @throws UsageError when a random estimator gets no key
 */
export function keepInput(
  x: Value,
  { estimator, key }: { estimator: GradientEstimator; key?: Key },
): KeptInput {
  if (!estimator.random)
    return { x, kept: estimator.keep(x, undefined), estimator, key: undefined };
  if (!key)
    throw new UsageError(`the estimator '${estimator.name}' draws random numbers: pass a key`);
  const own = newKey(key.value);
  return { x, kept: estimator.keep(x, own), estimator, key: own };
}
