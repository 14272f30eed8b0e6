import { add, parameter, sparseMatmul, type Value } from '@sketchgrad/core';
import { graphLinear } from './graph-linear.js';
import type { GraphPass } from './pass.js';

/**
 * A graph convolution, Â X Wᵀ + b (arXiv 1609.02907, equation 2): the neighbours are summed on
 * whichever side of the weights has fewer features. f32 [nodes, inputs] → f32 [nodes, outputs];
 * parameters `name.lin.weight` [outputs, inputs] and, unless it is to have none, `name.bias` [outputs].
 */
export function gcnConv(
  x: Value,
  name: string,
  { outputs, hasBias }: { readonly outputs: number; readonly hasBias: boolean },
  pass: GraphPass,
): Value {
  const inputs = x.shape[1]!;
  const weight = parameter(`${name}.lin.weight`, [outputs, inputs]);
  const bias = hasBias ? { bias: parameter(`${name}.bias`, [outputs]) } : {};
  if (inputs < outputs)
    return graphLinear(sparseMatmul(pass.adjacency, x), name, { weight, ...bias }, pass);
  const sums = sparseMatmul(pass.adjacency, graphLinear(x, name, { weight }, pass));
  return bias.bias ? add(sums, bias.bias) : sums;
}
