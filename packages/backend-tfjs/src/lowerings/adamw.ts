import type { Tensor } from '@tensorflow/tfjs-core';
import { bytesOf, type Lowering, type LoweringContext, SCALAR_BYTES } from '../lowering.js';
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

export const adamw: Lowering<{ readonly decay: boolean }> = {
  op: 'adamw',
  scratchBytes({ inputs: [parameter, , , , , clip] }) {
    const bytes = bytesOf(parameter!);
    return Math.max(2 * bytes + SCALAR_BYTES, bytes + (clip ? 2 : 1) * SCALAR_BYTES);
  },
  lower(inputs, { attributes: { decay } }, context) {
    const { tf, scalar, read, update } = context;
    const [parameter, given, first, second, settings, clip] = inputs as [Tensor, ...Tensor[]];
    const [rate, beta1, beta2, epsilon, weightDecay, correction1, correction2, gradientScale] =
      read(settings!) as unknown as number[];
    // The gradient itself where nothing scales it.
    const gradient = () => {
      if (!clip && gradientScale === 1) return given!;
      const factor = scalar(gradientScale!);
      const whole = clip ? tf.mul(factor, clip) : factor;
      const product = tf.mul(given!, whole);
      done(...new Set([factor, whole]));
      return product;
    };
    const m = move(2, gradient(), 1 - beta1!, context, [first!, given!]);
    const g = gradient();
    const squares = tf.square(g);
    if (g !== given) g.dispose();
    const v = move(3, squares, 1 - beta2!, context, [second!]);
    // √(v / c₂) + ε is (√v + ε √c₂) / √c₂.
    const correction = Math.sqrt(correction2!);
    const root = tf.sqrt(v);
    const least = scalar(epsilon! * correction);
    const divisor = tf.add(root, least);
    done(root, least);
    const direction = tf.div(m, divisor);
    divisor.dispose();
    const step = scaled(direction, (rate! * correction) / correction1!, context);
    direction.dispose();
    let before: Tensor = parameter;
    if (decay) {
      before = scaled(parameter, 1 - rate! * weightDecay!, context);
      update(0, before);
    }
    update(0, tf.sub(before, step));
    return [];
  },
};
