import type { Tensor } from '@tensorflow/tfjs-core';
import { type Lowering, type LoweringContext, SCALAR_BYTES } from '../lowering.js';

type Ops = LoweringContext['tf'];

const unary = (op: string, apply: (tf: Ops, x: Tensor) => Tensor): Lowering => ({
  op,
  lower: ([x], _, { tf }) => [apply(tf, x!)],
});

/** Of two tensors, which broadcast. */
const binary = (op: string, apply: (tf: Ops, a: Tensor, b: Tensor) => Tensor): Lowering => ({
  op,
  lower: ([a, b], _, { tf }) => [apply(tf, a!, b!)],
});

export const add = binary('add', (tf, a, b) => tf.add(a, b));
export const subtract = binary('subtract', (tf, a, b) => tf.sub(a, b));
export const multiply = binary('multiply', (tf, a, b) => tf.mul(a, b));
export const divide = binary('divide', (tf, a, b) => tf.div(a, b));
export const exponential = unary('exponential', (tf, x) => tf.exp(x));
export const logarithm = unary('logarithm', (tf, x) => tf.log(x));
export const squareRoot = unary('squareRoot', (tf, x) => tf.sqrt(x));
export const tanh = unary('tanh', (tf, x) => tf.tanh(x));

export const scale: Lowering<{ readonly factor: number }> = {
  op: 'scale',
  scratchBytes: () => SCALAR_BYTES,
  lower: ([x], { attributes }, { tf, scalar }) => [tf.mul(x!, scalar(attributes.factor))],
};
