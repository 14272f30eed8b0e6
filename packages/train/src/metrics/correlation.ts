import { UsageError } from '@sketchgrad/core';
import { sampleCorrelation, sampleRankCorrelation } from 'simple-statistics';
import { checkPairs, type Metric } from './pairs.js';

/** Squares of larger numbers, summed up, would overflow and give 0 without a word. */
const LARGEST = 1e150;

function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}

function correlation(
  name: string,
  formula: (x: number[], y: number[]) => number,
  predictions: ArrayLike<number>,
  labels: ArrayLike<number>,
): number {
  checkPairs(name, predictions, labels);
  const x = Array.from(predictions);
  const y = Array.from(labels);
  // Asked of the values themselves: rounding in a mean makes a constant list seem to vary.
  if (isConstant(x) || isConstant(y)) return 0;
  const value = formula(x, y);
  const overflows = [...x, ...y].some((number) => Math.abs(number) > LARGEST);
  if (overflows || !Number.isFinite(value)) {
    throw new UsageError(
      `${name} cannot be computed in 64-bit floats: predictions or labels are too large or too ` +
        `close together (the first prediction is ${x[0]}, the first label ${y[0]})`,
    );
  }
  return Math.max(-1, Math.min(1, value));
}

/**
 * Pearson's correlation of predictions and labels, from −1 to 1.
 *
 * Undefined where either side is constant (SciPy warns and gives NaN). Here it is 0 then, as
 * Matthews' coefficient is: a model that says the same of everything has shown no relation.
 */
export const pearson: Metric = (predictions, labels) =>
  correlation('pearson', sampleCorrelation, predictions, labels);

/**
 * Spearman's rank correlation, ties sharing the average of their ranks, from −1 to 1; 0 where
 * either side is constant, as for `pearson`.
 */
export const spearman: Metric = (predictions, labels) =>
  correlation('spearman', sampleRankCorrelation, predictions, labels);
