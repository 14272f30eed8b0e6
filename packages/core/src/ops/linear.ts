import { checkOptions } from '../checks/check-options.js';
import { ShapeError } from '../errors.js';
import { dense } from '../estimators/dense.js';
import {
  type GradientEstimator,
  KEEP_OPTIONS,
  type KeepOptions,
  type Kept,
  type KeptInput,
  keepInput,
} from '../estimators/estimator.js';
import { rowNormOutput } from '../estimators/priorities.js';
import { defineOp } from '../graph/op.js';
import { observe } from '../graph/trace.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import type { Key } from '../random/key.js';
import { matmul } from './matmul.js';
import { rowSquaredNorms } from './row-squared-norms.js';
import { expectShape, expectType } from './rules.js';
import { sum } from './sum.js';

type Attributes = {
  readonly estimator: GradientEstimator;
  /** What the estimator keeps in x's place: graph values, mentioned by the vjp alone. */
  readonly kept: Kept;
  readonly key: Key | undefined;
  readonly name: string | undefined;
};

const build = defineOp<Attributes>({
  name: 'linear',
  infer: ([x, w, b]) => {
    expectType('x', x!, 'f32', 2);
    expectType('w', w!, 'f32', 2);
    if (x!.shape[1] !== w!.shape[1])
      throw new ShapeError(`x has ${x!.shape[1]} features, w takes ${w!.shape[1]}`);
    if (b) {
      expectType('b', b, 'f32', 1);
      expectShape('b', b, [w!.shape[0]!]);
    }
    return [{ shape: [x!.shape[0]!, w!.shape[0]!], dtype: 'f32' }];
  },
  // dW first: what is kept in x's place is free before dX needs room.
  vjp: ([, w, b], _, [dy], { estimator, kept, key, name }) => {
    const dw = estimator.weightGradient(kept, dy!, key);
    const db = b && sum(dy!, { axis: 0 });
    if (estimator.ranksRows) observe(rowNormOutput(name!), rowSquaredNorms(dy!));
    return [matmul(dy!, w!), dw, db];
  },
  flops: ([x, , b], [y]) => 2 * elements(y!) * x!.shape[1]! + (b ? elements(y!) : 0),
});

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
  return build(b !== undefined ? [input.x, w, b] : [input.x, w], {
    estimator: input.estimator,
    kept: input.kept,
    key: input.key,
    name: input.name,
  })[0]!;
}
