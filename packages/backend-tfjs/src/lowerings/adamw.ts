import type { Tensor } from '@tensorflow/tfjs-core';
import { bytesOf, type Lowering, type LoweringContext, SCALAR_BYTES } from '../lowering.js';
import type { AdamRates } from '../platforms/platform.js';
import { done } from '../tensors/done.js';

/** x times a number. */
function scaled(x: Tensor, by: number, { tf, scalar }: LoweringContext): Tensor {
  const factor = scalar(by);
  const product = tf.mul(x, factor);
  factor.dispose();
  return product;
}

/** A moment a share of the way to x, in its place; x is disposed of, but for what is kept. */
function move(
  input: number,
  x: Tensor,
  share: number,
  context: LoweringContext,
  [moment, kept]: readonly [moment: Tensor, kept?: Tensor],
) {
  const { tf, update } = context;
  const apart = tf.sub(x, moment);
  if (x !== kept) x.dispose();
  const step = scaled(apart, share, context);
  apart.dispose();
  const moved = tf.add(moment, step);
  step.dispose();
  update(input, moved);
  return moved;
}

/** What parameter and moments are updated with. */
interface Update extends AdamRates {
  readonly state: readonly [parameter: Tensor, first: Tensor, second: Tensor];
  /** As it comes. */
  readonly given: Tensor;
  /** The gradient itself, which is the one given where nothing scales it. */
  readonly gradient: () => Tensor;
}

/** By ops that all platforms have. */
function inSteps({ state, given, gradient, ...rates }: Update, context: LoweringContext): void {
  const { tf, scalar, update } = context;
  const { step, beta1, beta2, epsilon } = rates;
  const [parameter, first, second] = state;
  const m = move(2, gradient(), 1 - beta1, context, [first, given]);
  const g = gradient();
  const squares = tf.square(g);
  if (g !== given) g.dispose();
  const v = move(3, squares, 1 - beta2, context, [second]);
  const root = tf.sqrt(v);
  const least = scalar(epsilon);
  const divisor = tf.add(root, least);
  done(root, least);
  const direction = tf.div(m, divisor);
  divisor.dispose();
  const change = scaled(direction, step, context);
  direction.dispose();
  update(0, tf.sub(parameter, change));
}

export const adamw: Lowering<{ readonly decay: boolean }> = {
  op: 'adamw',
  scratchBytes({ inputs: [parameter, , , , , clip] }, { adam }) {
    const bytes = bytesOf(parameter!);
    const least = bytes + (clip ? 2 : 1) * SCALAR_BYTES;
    return adam ? least : Math.max(2 * bytes + SCALAR_BYTES, least);
  },
  lower(inputs, { attributes: { decay } }, context) {
    const { tf, scalar, read, update, abilities } = context;
    const [parameter, given, first, second, settings, clip] = inputs as [Tensor, ...Tensor[]];
    const [rate, beta1, beta2, epsilon, weightDecay, correction1, correction2, gradientScale] =
      read(settings!) as unknown as number[];
    const gradient = () => {
      if (!clip && gradientScale === 1) return given!;
      const factor = scalar(gradientScale!);
      const whole = clip ? tf.mul(factor, clip) : factor;
      const product = tf.mul(given!, whole);
      done(...new Set([factor, whole]));
      return product;
    };
    let before: Tensor = parameter;
    if (decay) {
      before = scaled(parameter, 1 - rate! * weightDecay!, context);
      update(0, before);
    }
    // √(v / c₂) + ε is (√v + ε √c₂) / √c₂.
    const correction = Math.sqrt(correction2!);
    const rates = {
      step: (rate! * correction) / correction1!,
      ...{ beta1: beta1!, beta2: beta2!, epsilon: epsilon! * correction },
    };
    const state = [before, first!, second!] as const;
    if (!abilities.adam) inSteps({ state, given: given!, gradient, ...rates }, context);
    else {
      const g = gradient();
      const updated = abilities.adam(tf, state, g, rates);
      for (const [at, tensor] of updated.entries()) update([0, 2, 3][at]!, tensor);
      if (g !== given) g.dispose();
    }
    return [];
  },
};
