import { estimatorOf, keepInput, linear, newKey, type Value } from '@sketchgrad/core';
import type { GraphPass } from './pass.js';

/**
 * A linear layer over the nodes, which keeps its input as the pass's estimator does.
 *
 * @param x f32 [nodes, inputs]
 * @param weight f32 [outputs, inputs], a parameter or made of one
 * @param bias f32 [outputs], or undefined
 * @returns f32 [nodes, outputs]
 */
export function graphLinear(
  x: Value,
  name: string,
  { weight, bias }: { readonly weight: Value; readonly bias?: Value },
  pass: GraphPass,
): Value {
  const [rows, inputs] = x.shape as [number, number];
  const outputs = weight.shape[0]!;
  const used = pass.usedNodes && { used: pass.usedNodes };
  const estimator = estimatorOf(pass.estimator, { name, rows, inputs, outputs, ...used });
  const key = estimator.random && pass.key ? { key: newKey(pass.key) } : {};
  return linear(keepInput(x, { estimator, name, ...key }), weight, bias);
}
