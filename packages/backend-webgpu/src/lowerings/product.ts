import { plainMatmul } from '../kernels/matmul/plain.js';
import { type Dispatch, type Operand, overElements } from '../lowering.js';

/** A product of matrices, or of as many as `batch` says, one behind the other. */
export interface Product {
  readonly a: Operand;
  readonly b: Operand;
  readonly y: Operand;
  /** [n], added to each row. */
  readonly bias?: Operand;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch?: number;
  /** a lies as [k, m], b as [n, k]. */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** y = a b + bias. */
export function product(of: Product): readonly Dispatch[] {
  const { a, b, y, bias, m, n, k, batch = 1, transposeA = false, transposeB = false } = of;
  const [aRow, aInner] = transposeA ? [1, m] : [k, 1];
  const [bInner, bColumn] = transposeB ? [1, k] : [n, 1];
  return [
    overElements(plainMatmul, batch * m * n, {
      operands: { a, b, bias, y },
      uniforms: {
        ...{ m, n, k, biased: Number(bias !== undefined) },
        ...{ aBatch: m * k, aRow, aInner, bBatch: k * n, bInner, bColumn },
      },
    }),
  ];
}
