import { checkFlag, checkGivenFlag } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { ShapeError } from '../errors.js';
import { defineOp } from '../graph/op.js';
import type { TensorType } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectInputs, expectType } from './rules.js';

type Attributes = { readonly transposeA: boolean; readonly transposeB: boolean };

/**
 * [m, k, n] of a product of two matrices.
 * @throws UsageError for what are no inputs or flags; ShapeError where inner sizes differ
 */
export function matmulSizes(
  inputs: readonly TensorType[],
  attributes: Attributes,
): [number, number, number] {
  expectInputs('matmulSizes', inputs, attributes);
  const [a, b] = inputs;
  const { transposeA, transposeB } = attributes;
  checkGivenFlag('transposeA', transposeA);
  checkGivenFlag('transposeB', transposeB);
  expectType('a', a!, 'f32', 2);
  expectType('b', b!, 'f32', 2);
  const [m, k] = transposeA ? [a!.shape[1]!, a!.shape[0]!] : [a!.shape[0]!, a!.shape[1]!];
  const [inner, n] = transposeB ? [b!.shape[1]!, b!.shape[0]!] : [b!.shape[0]!, b!.shape[1]!];
  if (k !== inner) throw new ShapeError(`inner sizes ${k} and ${inner} differ`);
  return [m, k, n];
}

const build = defineOp<Attributes>({
  name: 'matmul',
  infer: (inputs, attributes) => {
    const [m, , n] = matmulSizes(inputs, attributes);
    return [{ shape: [m, n], dtype: 'f32' }];
  },
  vjp: ([a, b], _, [dy], { transposeA, transposeB }) => [
    transposeA
      ? matmul(b!, dy!, { transposeA: transposeB, transposeB: true })
      : matmul(dy!, b!, { transposeB: !transposeB }),
    transposeB
      ? matmul(dy!, a!, { transposeA: true, transposeB: transposeA })
      : matmul(a!, dy!, { transposeA: !transposeA }),
  ],
  flops: (inputs, _, attributes) => {
    const [m, k, n] = matmulSizes(inputs, attributes);
    return 2 * m * k * n;
  },
});

/**
 * The product of two matrices, either of them transposed first. f32 [m, k] · f32 [k, n] → f32 [m, n].
 * @throws ShapeError when the inner sizes differ
 */
export const matmul = (a: Value, b: Value, options: Partial<Attributes> = {}): Value => {
  checkOptions('matmul', options, { transposeA: checkFlag, transposeB: checkFlag });
  const { transposeA = false, transposeB = false } = options;
  return build([a, b], { transposeA, transposeB })[0]!;
};
