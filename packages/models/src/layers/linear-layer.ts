import { linear, newKey, parameter, type Value } from '@sketchgrad/core';
import type { Pass } from './pass.js';

/**
 * A linear layer of the encoder, which keeps its input as the pass's estimator does.
 * x f32 [rows, inputs] → f32 [rows, outputs]; parameters `name.weight` [outputs, inputs] and
 * `name.bias` [outputs].
 */
export const estimatedLinear = (
  x: Value,
  name: string,
  outputs: number,
  { estimator, key }: Pass,
): Value =>
  linear(x, ...weights(x, name, outputs), {
    estimator,
    ...(estimator.random ? { key: newKey(key) } : {}),
  });

/** As {@link estimatedLinear}, always dense: for the head, whose inputs are few. */
export const denseLinear = (x: Value, name: string, outputs: number): Value =>
  linear(x, ...weights(x, name, outputs));

const weights = (x: Value, name: string, outputs: number): [Value, Value] => [
  parameter(`${name}.weight`, [outputs, x.shape[1]!]),
  parameter(`${name}.bias`, [outputs]),
];
