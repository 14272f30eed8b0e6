import { checkOptions } from '../checks/check-options.js';
import { rowNormOutput } from '../contracts/step-inputs.js';
import type { VectorJacobianProduct } from '../graph/op.js';
import { observe } from '../graph/trace.js';
import type { Value } from '../graph/value.js';
import { linearOp } from '../ops/linear.js';
import { matmul } from '../ops/matmul.js';
import { rowSquaredNorms } from '../ops/row-squared-norms.js';
import { sum } from '../ops/sum.js';
import { dense } from './dense.js';
import { KEEP_OPTIONS, type KeepOptions, type KeptInput, keepInput } from './estimator.js';

const isKept = (x: Value | KeptInput): x is KeptInput =>
  typeof x === 'object' && x !== null && 'kept' in x;

/**
 * A linear layer, Z = X Wᵀ + b. The only place where X may be dropped: what stays for the backward
 * pass is what `estimator` keeps (`dense` by default, X itself). Layers that read the same X may
 * share what is kept: pass what {@link keepInput} gave instead of x. Where the estimator ranks rows,
 * the graph returns `rowNorms.NAME`, ‖y_i‖² of each row of the cotangent, f32 [rows].
 *
 * @param x f32 [rows, inputs], or what was kept of it
 * @param w f32 [outputs, inputs]
 * @param b f32 [outputs], or undefined
 * @returns f32 [rows, outputs]
 * @throws ShapeError when sizes do not fit
 */
export function linear(
  x: Value | KeptInput,
  w: Value,
  b: Value | undefined,
  options: Partial<KeepOptions> = {},
): Value {
  checkOptions('linear', options, KEEP_OPTIONS);
  const input = isKept(x)
    ? x
    : keepInput(x, { ...options, estimator: options.estimator ?? dense() });
  const { estimator } = input;
  return linearOp(
    b !== undefined ? [input.x, w, b] : [input.x, w],
    { estimator: estimator.name },
    weightGradientOf(input),
  )[0]!;
}

/** Gradients of a layer whose weights' is the estimator's. */
const weightGradientOf =
  ({ estimator, kept, key, name }: KeptInput): VectorJacobianProduct =>
  ([, w, b], _, [dy]) => {
    // dW first: what is kept in x's place is free before dX needs room.
    const dw = estimator.weightGradient(kept, dy!, key, w!.shape[1]!);
    const db = b && sum(dy!, { axis: 0 });
    if (estimator.ranksRows) observe(rowNormOutput(name!), rowSquaredNorms(dy!));
    return [matmul(dy!, w!), dw, db];
  };
