import {
  add,
  constant,
  parameter,
  type SparseMatrix,
  scale,
  sparseMatmul,
  type Value,
} from '@sketchgrad/core';
import type { Gcn2Config } from './config.js';
import { graphLinear } from './graph-linear.js';
import type { GraphPass } from './pass.js';

/** What GCNII's convolutions share. */
export interface Gcn2Shared {
  /** (1 − α) Â */
  readonly neighbours: SparseMatrix;
  /** α X₀, f32 [nodes, hidden] */
  readonly initial: Value;
  /** f32 [hidden, hidden] */
  readonly identity: Value;
}

/** Multiplies by α and 1 − α once, not in every layer. @param first X₀, f32 [nodes, hidden] */
export function gcn2Shared(first: Value, { alpha, hidden }: Gcn2Config, pass: GraphPass) {
  const values = scale(pass.adjacency.values!, 1 - alpha);
  const neighbours: SparseMatrix = { ...pass.adjacency, values, transposed: () => neighbours };
  const ones = Float32Array.from({ length: hidden ** 2 }, (_, i) => +(i % (hidden + 1) === 0));
  const identity = constant(ones, [hidden, hidden]);
  return { neighbours, initial: scale(first, alpha), identity } satisfies Gcn2Shared;
}

/**
 * A convolution of GCNII (arXiv 2007.02133, equation 5): ((1 − α) Â X + α X₀)((1 − β) I + β W), with
 * β = ln(λ/l + 1) in layer l = 1, 2, …. The second factor is made first, so that it is one product.
 * Separate weights: (1 − α) Â X ((1 − β) I + β W₁) + α X₀ ((1 − β) I + β W₂).
 * f32 [nodes, hidden] → the same; parameters `name.lin1.weight` and, where separate,
 * `name.lin2.weight`, Wᵀ of the paper, f32 [hidden, hidden].
 */
export function gcn2Conv(
  x: Value,
  { name, beta }: { readonly name: string; readonly beta: number },
  { neighbours, initial, identity }: Gcn2Shared,
  pass: GraphPass,
): Value {
  const mixed = (weight: string) =>
    add(
      scale(identity, 1 - beta),
      scale(parameter(`${name}.${weight}.weight`, identity.shape), beta),
    );
  const sums = sparseMatmul(neighbours, x);
  const { config } = pass;
  if (config.model === 'gcn2' && !config.sharedWeights)
    return add(
      graphLinear(sums, name, { weight: mixed('lin1') }, pass),
      graphLinear(initial, `${name}.initial`, { weight: mixed('lin2') }, pass),
    );
  return graphLinear(add(sums, initial), name, { weight: mixed('lin1') }, pass);
}
