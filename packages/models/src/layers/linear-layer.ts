import {
  type KeptInput,
  keepInput,
  linear,
  newKey,
  parameter,
  rebuildable,
  type Value,
} from '@sketchgrad/core';
import type { Pass } from './pass.js';

/**
 * A linear layer of the encoder, which keeps its input as the pass's estimator does.
 * x f32 [rows, inputs] → f32 [rows, outputs]; parameters `name.weight` [outputs, inputs] and
 * `name.bias` [outputs].
 */
export function estimatedLinear(x: Value, name: string, outputs: number, pass: Pass): Value {
  return linear(kept(x, pass), ...weights(x, name, outputs));
}

/** As {@link estimatedLinear}, for an output that `recompute: 'projections'` makes again. */
export function rebuildableLinear(x: Value, name: string, outputs: number, pass: Pass): Value {
  // What is kept of x is kept: only the product is made again.
  const input = kept(x, pass);
  return rebuildable(() => linear(input, ...weights(x, name, outputs)));
}

const kept = (x: Value, { estimator, key }: Pass): KeptInput =>
  keepInput(x, { estimator, ...(estimator.random ? { key: newKey(key) } : {}) });

/** As {@link estimatedLinear}, always dense: for the head, whose inputs are few. */
export const denseLinear = (x: Value, name: string, outputs: number): Value =>
  linear(x, ...weights(x, name, outputs));

const weights = (x: Value, name: string, outputs: number): [Value, Value] => [
  parameter(`${name}.weight`, [outputs, x.shape[1]!]),
  parameter(`${name}.bias`, [outputs]),
];
