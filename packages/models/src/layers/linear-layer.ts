import {
  estimatorOf,
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
  return linear(kept(x, name, outputs, pass), ...weights(x, name, outputs));
}

/** As {@link estimatedLinear}, for an output that `recompute: 'projections'` makes again. */
export function rebuildableLinear(x: Value, name: string, outputs: number, pass: Pass): Value {
  // What is kept of x is kept: only the product is made again.
  const input = kept(x, name, outputs, pass);
  return rebuildable(() => linear(input, ...weights(x, name, outputs)));
}

function kept(x: Value, path: string, outputs: number, pass: Pass): KeptInput {
  const [rows, inputs] = x.shape as [number, number];
  const name = path.slice(pass.config.architecture.length + 1);
  const estimator = estimatorOf(pass.estimator, { name, rows, inputs, outputs });
  return keepInput(x, { estimator, name, ...(estimator.random ? { key: newKey(pass.key) } : {}) });
}

/** As {@link estimatedLinear}, always dense: for the head, whose inputs are few. */
export const denseLinear = (x: Value, name: string, outputs: number): Value =>
  linear(x, ...weights(x, name, outputs));

const weights = (x: Value, name: string, outputs: number): [Value, Value] => [
  parameter(`${name}.weight`, [outputs, x.shape[1]!]),
  parameter(`${name}.bias`, [outputs]),
];
