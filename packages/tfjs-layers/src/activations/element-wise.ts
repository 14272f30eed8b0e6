import {
  add,
  constant,
  divide,
  exponential,
  logarithm,
  multiply,
  relu,
  scale,
  subtract,
  tanh,
  type Value,
} from '@sketchgrad/core';

/** One number, as a tensor. */
const number = (value: number): Value => constant(Float32Array.of(value), []);

const negative = (x: Value): Value => scale(x, -1);

/** |x| */
export const absolute = (x: Value): Value => add(relu(x), relu(negative(x)));

/** x within [least, most]. */
export const clipped = (x: Value, least: number, most: number): Value => {
  const above = relu(subtract(x, number(least)));
  return add(subtract(above, relu(subtract(above, number(most - least)))), number(least));
};

/** α (eˣ − 1) below 0, x from 0 on; arXiv 1511.07289 with α = 1. */
export const elu = (x: Value, alpha = 1): Value => {
  const below = exponential(negative(relu(negative(x))));
  return add(relu(x), scale(subtract(below, number(1)), alpha));
};

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** arXiv 1706.02515. */
export const selu = (x: Value): Value => scale(elu(x, SELU_ALPHA), SELU_SCALE);

/** 1/(1 + e⁻ˣ), as (1 + tanh(x/2))/2, which does not overflow. */
export const sigmoid = (x: Value): Value => scale(add(tanh(scale(x, 0.5)), number(1)), 0.5);

/** 0.2 x + 0.5 within [0, 1]. */
export const hardSigmoid = (x: Value): Value => clipped(add(scale(x, 0.2), number(0.5)), 0, 1);

/** ln(1 + eˣ), as max(x, 0) + ln(1 + e^−|x|). */
export const softplus = (x: Value): Value =>
  add(relu(x), logarithm(add(exponential(negative(absolute(x))), number(1))));

/** x/(1 + |x|) */
export const softsign = (x: Value): Value => divide(x, add(absolute(x), number(1)));

/** x · σ(x) */
export const swish = (x: Value): Value => multiply(x, sigmoid(x));

/** x · tanh(ln(1 + eˣ)); arXiv 1908.08681. */
export const mish = (x: Value): Value => multiply(x, tanh(softplus(x)));

/** GELU by tanh; arXiv 1606.08415, its section 2. */
export const geluNew = (x: Value): Value => {
  const cubed = multiply(multiply(x, x), x);
  const inner = scale(add(x, scale(cubed, 0.044715)), Math.sqrt(2 / Math.PI));
  return scale(multiply(x, add(tanh(inner), number(1))), 0.5);
};
