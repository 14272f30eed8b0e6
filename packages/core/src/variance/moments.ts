import { ShapeError } from '../errors.js';
import { checkedMoments } from './checked-moments.js';

/**
 * What the exact variances need to know of a layer's input X [rows, inputs] and output cotangent
 * Y [rows, outputs] at one step.
 */
export interface Moments {
  /** B, the number of rows. */
  readonly rows: number;
  /** Features of X. */
  readonly inputs: number;
  /** A = ‖X‖²_F ‖Y‖²_F. */
  readonly normProduct: number;
  /** T = ‖Xᵀ Y‖²_F. */
  readonly gradientNorm: number;
  /** D = Σ_i ‖x_i‖² ‖y_i‖². */
  readonly rowProducts: number;
  /** ‖x_i‖², [rows]. */
  readonly xNorms: ArrayLike<number>;
  /** ‖y_i‖², [rows]. */
  readonly yNorms: ArrayLike<number>;
  /**
   * X and Y themselves, row after row, for the few variances that no sums give.
   * @throws UsageError where they were measured on a device and not read back
   */
  tensors(): { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> };
}

/**
 * The moments of X and Y, added up in f64.
 *
 * @param x [rows, inputs], row after row
 * @param y [rows, outputs], row after row
 * @throws ShapeError when a length is no multiple of `rows`; UsageError where a sum overflows, or a
 * number is none
 */
export function moments(x: ArrayLike<number>, y: ArrayLike<number>, rows: number): Moments {
  const inputs = x.length / rows;
  const outputs = y.length / rows;
  if (!Number.isInteger(inputs) || !Number.isInteger(outputs))
    throw new ShapeError(`${x.length} and ${y.length} numbers do not make ${rows} rows`);
  const xNorms = squaredNorms(x, rows);
  const yNorms = squaredNorms(y, rows);
  return checkedMoments({
    rows,
    inputs,
    normProduct: total(xNorms) * total(yNorms),
    gradientNorm: gradientSquaredNorm(x, y, rows),
    rowProducts: xNorms.reduce((sum, norm, row) => sum + norm * yNorms[row]!, 0),
    xNorms,
    yNorms,
    tensors: () => ({ x, y }),
  });
}

const total = (numbers: Float64Array): number => numbers.reduce((sum, number) => sum + number, 0);

function squaredNorms(matrix: ArrayLike<number>, rows: number): Float64Array {
  const features = matrix.length / rows;
  const norms = new Float64Array(rows);
  for (let i = 0; i < matrix.length; i++) norms[Math.floor(i / features)]! += matrix[i]! ** 2;
  return norms;
}

/**
 * ‖Σ_i x_i y_iᵀ‖²_F over some rows, in f64.
 *
 * @param x [rows, inputs]
 * @param y [rows, outputs]
 * @param rows how many there are
 * @param chosen whose outer products are added up; all unless given
 */
export function gradientSquaredNorm(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  rows: number,
  chosen: Iterable<number> = Array.from({ length: rows }, (_, row) => row),
): number {
  const inputs = x.length / rows;
  const outputs = y.length / rows;
  const gradient = new Float64Array(inputs * outputs);
  for (const row of chosen)
    for (let i = 0; i < inputs; i++) {
      const value = x[row * inputs + i]!;
      for (let j = 0; j < outputs; j++) gradient[i * outputs + j]! += value * y[row * outputs + j]!;
    }
  return gradient.reduce((sum, g) => sum + g * g, 0);
}
