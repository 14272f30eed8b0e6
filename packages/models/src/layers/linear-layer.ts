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
import { encoderName, type Pass } from './pass.js';

/**
 * A linear layer of the encoder, which keeps its input as the pass's estimator does; an input of a row
 * for each example, of which there are few, as it is.
 * x f32 [rows, inputs] → f32 [rows, outputs]; parameters `name.weight` [outputs, inputs] and
 * `name.bias` [outputs].
 *
 * @param name within the encoder: `encoder.layer.3.output.dense`
 */
export function estimatedLinear(x: Value, name: string, outputs: number, pass: Pass): Value {
  if (pass.rowsOf === 'examples') return denseLinear(x, encoderName(pass, name), outputs);
  return linear(kept(x, name, outputs, pass), ...weights(x, encoderName(pass, name), outputs));
}

/** As {@link estimatedLinear}, for an output that `recompute: 'projections'` makes again. */
export function rebuildableLinear(x: Value, name: string, outputs: number, pass: Pass): Value {
  // What is kept of x is kept: only the product is made again.
  const input = kept(x, name, outputs, pass);
  return rebuildable(() => linear(input, ...weights(x, encoderName(pass, name), outputs)));
}

function kept(x: Value, name: string, outputs: number, pass: Pass): KeptInput {
  const [rows, inputs] = x.shape as [number, number];
  const layer = { name, rows, inputs, outputs, starts: pass.starts };
  const estimator = estimatorOf(pass.estimator, layer);
  return keepInput(x, { estimator, name, ...(estimator.random ? { key: newKey(pass.key) } : {}) });
}

/** Always dense: for layers whose rows are few. Its `name` is the model's own, as it stands. */
export const denseLinear = (x: Value, name: string, outputs: number): Value =>
  linear(x, ...weights(x, name, outputs));

const weights = (x: Value, name: string, outputs: number): [Value, Value] => [
  parameter(`${name}.weight`, [outputs, x.shape[1]!]),
  parameter(`${name}.bias`, [outputs]),
];
