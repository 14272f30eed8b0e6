import { type LoweringContext, type MatrixAt, onEveryThread, type Phase, part } from './kernel.js';

/** A product to be shared out: c = a · b (+ bias). */
export interface Product {
  readonly a: MatrixAt;
  readonly b: MatrixAt;
  readonly c: MatrixAt;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly bias?: number;
}

/** Below this many multiplications a thread does not repay the call. */
export const LEAST_SHARE = 1 << 16;

const innerSize = ({ a, transposeA }: Pick<Product, 'a' | 'transposeA'>) =>
  transposeA ? a.rows : a.columns;

/** Threads that a product of [m, k, n] is worth, of which each gets a nearly equal share. */
const sharers = (m: number, k: number, n: number, split: number, threads: number): number =>
  Math.max(1, Math.min(threads, split, Math.floor((m * k * n) / LEAST_SHARE)));

const rowsOf = (matrix: MatrixAt, [begin, end]: readonly [number, number]): MatrixAt => ({
  address: matrix.address + begin * matrix.columns * 4,
  rows: end - begin,
  columns: matrix.columns,
});

/**
 * Bytes of scratch memory for a product whose A is transposed: it is shared out along the inner
 * axis, along which rows of both matrices lie together, so each thread but the first needs a place
 * for its partial sum.
 */
export function partialSumBytes(m: number, k: number, n: number, threads: number): number {
  return (sharers(m, k, n, k, threads) - 1) * alignedFloats(m * n) * 4;
}

/** So many numbers, to the end of their last cache line. */
export const alignedFloats = (count: number): number => Math.ceil(count / 16) * 16;

/**
 * Shares a product out among the threads: by rows of A; or, where A is transposed, along the inner
 * axis, after which the partial sums are added up in the order of the threads.
 *
 * @param scratch address of {@link partialSumBytes} bytes, if that is not 0
 */
export function shareProduct(
  product: Product,
  context: LoweringContext,
  scratch: () => number,
): readonly Phase[] {
  const { a, b, c, transposeA } = product;
  const [m, k, n] = [c.rows, innerSize(product), c.columns];
  if (m === 0 || n === 0) return [];
  if (k === 0 && product.bias === undefined)
    return [onEveryThread(context, 'clear', [c.address, m * n])];
  if (!transposeA) {
    const count = sharers(m, k, n, m, context.threads);
    return [
      (thread) => {
        if (thread >= count) return [];
        const range = part(m, thread, count);
        return [{ ...product, a: rowsOf(a, range), c: rowsOf(c, range) }];
      },
    ];
  }
  // Columns of B do not lie together, so this rare case is not shared out.
  if (product.transposeB) return [(thread) => (thread === 0 ? [product] : [])];
  const count = sharers(m, k, n, k, context.threads);
  const stride = alignedFloats(m * n) * 4;
  const first = count > 1 ? scratch() : 0;
  const products: Phase = (thread) => {
    if (thread >= count) return [];
    const range = part(k, thread, count);
    const address = thread === 0 ? c.address : first + (thread - 1) * stride;
    return [{ ...product, a: rowsOf(a, range), b: rowsOf(b, range), c: { ...c, address } }];
  };
  if (count === 1) return [products];
  const sums = [c.address, first, stride, count - 1, m * n];
  return [products, onEveryThread(context, 'addPartialSums', sums)];
}
