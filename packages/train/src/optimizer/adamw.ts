import {
  ADAMW_SETTINGS,
  adamw,
  checkOptions,
  describeValue,
  UsageError,
  type Value,
} from '@sketchgrad/core';
import { ABOVE_ZERO, checkConstants, FROM_ZERO, SHARE } from './checks.js';

/** AdamW's constants (arXiv 1711.05101). */
export interface AdamWOptions {
  /** Decay of the gradient's running mean, in [0, 1). */
  readonly beta1: number;
  /** Decay of the squared gradient's running mean, in [0, 1). */
  readonly beta2: number;
  /** Added to the root of the second moment; above 0. */
  readonly epsilon: number;
  /** Share of a weight that a step at learning rate 1 takes away; not of biases and norms. */
  readonly weightDecay: number;
}

/** The settings of arXiv 2201.13195 for GLUE, which are RoBERTa's. */
export const ADAMW_DEFAULTS: AdamWOptions = {
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-6,
  weightDecay: 0.1,
};

const NAMES = { beta1: true, beta2: true, epsilon: true, weightDecay: true } as const;

/** The constants with the defaults filled in. @throws UsageError for one out of its range */
export function adamwOptions(options: Partial<AdamWOptions> = {}): AdamWOptions {
  checkOptions('optimizer', options, NAMES);
  const all = { ...ADAMW_DEFAULTS, ...options };
  checkConstants('AdamW', all, {
    ...{ beta1: SHARE, beta2: SHARE, epsilon: ABOVE_ZERO, weightDecay: FROM_ZERO },
  });
  return all;
}

/** What it keeps: the gradient's running mean, and that of its square. */
export const adamwMoments = ['first', 'second'] as const;

/** Traces the update of one parameter in place. @param inputs core's `adamw` has them */
export const updateByAdamW = (
  inputs: readonly [Value, Value, Value, Value, Value],
  { decay, factor }: { readonly decay: boolean; readonly factor: Value | undefined },
): void => void adamw([...inputs, ...(factor ? [factor] : [])], { decay });

/**
 * The numbers of one update, in the order of core's ADAMW_SETTINGS: f32 [8].
 *
 * @param step updates made before this one
 * @param gradientScale what the gradient is multiplied by; 1 unless gradients were added up
 */
export function adamwSettings(
  options: AdamWOptions,
  update: { readonly learningRate: number; readonly step: number; readonly gradientScale?: number },
): Float32Array {
  checkOptions('adamwSettings', options, NAMES);
  checkOptions('an update', update, { learningRate: true, step: true, gradientScale: true });
  const { learningRate, step, gradientScale = 1 } = update;
  for (const [name, value] of Object.entries({ ...options, learningRate, step, gradientScale }))
    if (typeof value !== 'number')
      throw new UsageError(`${name} must be a number, but it is ${describeValue(value)}`);
  // Of β as the device has it: 1 − β and 1 − βᵗ must be of one number for the corrections to fit.
  const correction = (beta: number) => 1 - Math.fround(beta) ** (step + 1);
  const values: Record<(typeof ADAMW_SETTINGS)[number], number> = {
    ...options,
    learningRate,
    correction1: correction(options.beta1),
    correction2: correction(options.beta2),
    gradientScale,
  };
  return Float32Array.from(ADAMW_SETTINGS, (name) => values[name]);
}
