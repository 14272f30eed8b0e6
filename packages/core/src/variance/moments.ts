import { ShapeError } from '../errors.js';

/** Sums over a layer's input X [rows, inputs] and output cotangent Y [rows, outputs] at one step. */
export interface Moments {
  /** B, the number of rows. */
  readonly rows: number;
  /** A = ‖X‖²_F ‖Y‖²_F. */
  readonly normProduct: number;
  /** T = ‖Xᵀ Y‖²_F. */
  readonly gradientNorm: number;
  /** D = Σ_i ‖x_i‖² ‖y_i‖². */
  readonly rowProducts: number;
}

/**
 * The moments of X and Y, added up in f64.
 *
 * @param x [rows, inputs], row after row
 * @param y [rows, outputs], row after row
 * @throws ShapeError when a length is no multiple of `rows`
 */
export function moments(x: ArrayLike<number>, y: ArrayLike<number>, rows: number): Moments {
  const inputs = x.length / rows;
  const outputs = y.length / rows;
  if (!Number.isInteger(inputs) || !Number.isInteger(outputs))
    throw new ShapeError(`${x.length} and ${y.length} numbers do not make ${rows} rows`);
  const gradient = new Float64Array(inputs * outputs);
  let xNorm = 0;
  let yNorm = 0;
  let rowProducts = 0;
  for (let row = 0; row < rows; row++) {
    let xRow = 0;
    let yRow = 0;
    for (let j = 0; j < outputs; j++) yRow += y[row * outputs + j]! ** 2;
    for (let i = 0; i < inputs; i++) {
      const value = x[row * inputs + i]!;
      xRow += value * value;
      for (let j = 0; j < outputs; j++) gradient[i * outputs + j]! += value * y[row * outputs + j]!;
    }
    xNorm += xRow;
    yNorm += yRow;
    rowProducts += xRow * yRow;
  }
  const gradientNorm = gradient.reduce((sum, g) => sum + g * g, 0);
  return { rows, normProduct: xNorm * yNorm, gradientNorm, rowProducts };
}
