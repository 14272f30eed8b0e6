import { isList } from '../checks/check-amounts.js';
import { checkEstimator } from '../checks/check-estimator.js';
import { checkCount, checkFunction } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { ShapeError, UsageError } from '../errors.js';
import { checkedMoments } from '../variance/checked-moments.js';
import type { ExampleMoments, HasVariance, Moments, VarianceTerms } from '../variance/moments.js';
import { warn } from '../warn.js';
import { evaluatedTerms } from './evaluated-terms.js';

/** What {@link moments} is told. */
export interface MomentsOptions {
  /**
   * Where the rows of each example begin, and where the last one's end: [examples + 1]. Each row is one
   * unless given.
   */
  readonly starts?: ArrayLike<number>;
  /**
   * Told where a variance that is an average over draws stays off by more than 2 %; `warn`
   * unless given.
   */
  readonly onWarning?: (message: string) => void;
}

/**
 * The moments of X and Y, added up in f64. Terms of variances are evaluated by the reference
 * executor when they are asked for, which may not be within a trace.
 *
 * @param x [rows, inputs], row after row
 * @param y [rows, outputs], row after row
 * @throws ShapeError when a length is no multiple of `rows`; UsageError where a sum overflows, or a
 * number is none
 */
export function moments(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  rows: number,
  options: MomentsOptions = {},
): Moments {
  checkNumbers('x', x);
  checkNumbers('y', y);
  checkCount('rows', rows);
  checkOptions('moments', options, { starts: true, onWarning: checkFunction });
  const { starts, onWarning = warn } = options;
  if (starts !== undefined) checkNumbers('starts', starts);
  const inputs = x.length / rows;
  const outputs = y.length / rows;
  if (!Number.isInteger(inputs) || !Number.isInteger(outputs))
    throw new ShapeError(`${x.length} and ${y.length} numbers do not make ${rows} rows`);
  const xNorms = squaredNorms(x, rows);
  const yNorms = squaredNorms(y, rows);
  const sums = checkedMoments({
    rows,
    ...(starts && { examples: examplesOf(x, y, rows, starts) }),
    inputs,
    normProduct: total(xNorms) * total(yNorms),
    gradientNorm: gradientSquaredNorm(x, y, rows),
    rowProducts: xNorms.reduce((sum, norm, row) => sum + norm * yNorms[row]!, 0),
    xNorms,
    yNorms,
  });
  const known = new Map<HasVariance, VarianceTerms>();
  return {
    ...sums,
    terms(estimator, priorities) {
      checkEstimator('estimator', estimator);
      // Priorities matter to none whose terms are drawn, which take longest.
      if (!estimator.varianceError)
        return evaluatedTerms(estimator, { x, y, moments: sums }, onWarning, priorities);
      const found =
        known.get(estimator) ?? evaluatedTerms(estimator, { x, y, moments: sums }, onWarning);
      known.set(estimator, found);
      return found;
    },
  };
}

/** @throws UsageError for what is no list of numbers; sums tell of one that is not finite */
function checkNumbers(name: string, numbers: ArrayLike<number>): void {
  if (!isList(numbers))
    throw new UsageError(
      `${name} must be an array of numbers, row after row, but it is ${describeValue(numbers)}`,
    );
  const at = ArrayBuffer.isView(numbers)
    ? -1
    : Array.from(numbers).findIndex((number) => typeof number !== 'number');
  if (at >= 0)
    throw new UsageError(
      `${name}[${at}] must be a number, but it is ${describeValue(numbers[at])}`,
    );
}

function examplesOf(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  rows: number,
  starts: ArrayLike<number>,
): ExampleMoments {
  const [inputs, outputs] = [x.length / rows, y.length / rows];
  const count = starts.length - 1;
  let products = 0;
  for (let example = 0; example < count; example++) {
    const [first, end] = [starts[example]!, starts[example + 1]!];
    const part = (matrix: ArrayLike<number>, features: number) =>
      Array.from({ length: (end - first) * features }, (_, i) => matrix[first * features + i]!);
    products += gradientSquaredNorm(part(x, inputs), part(y, outputs), end - first);
  }
  return { count, rows: starts[count]!, products };
}

const total = (numbers: Float64Array): number => numbers.reduce((sum, number) => sum + number, 0);

function squaredNorms(matrix: ArrayLike<number>, rows: number): Float64Array {
  const features = matrix.length / rows;
  const norms = new Float64Array(rows);
  for (let i = 0; i < matrix.length; i++) norms[Math.floor(i / features)]! += matrix[i]! ** 2;
  return norms;
}

/**
 * ‖Σ_i x_i y_iᵀ‖²_F, in f64.
 *
 * @param x [rows, inputs]
 * @param y [rows, outputs]
 */
function gradientSquaredNorm(x: ArrayLike<number>, y: ArrayLike<number>, rows: number): number {
  const inputs = x.length / rows;
  const outputs = y.length / rows;
  const gradient = new Float64Array(inputs * outputs);
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < inputs; i++) {
      const value = x[row * inputs + i]!;
      for (let j = 0; j < outputs; j++) gradient[i * outputs + j]! += value * y[row * outputs + j]!;
    }
  return gradient.reduce((sum, g) => sum + g * g, 0);
}
