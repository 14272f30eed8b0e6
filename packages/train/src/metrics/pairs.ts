import { describeValue, UsageError } from '@sketchgrad/core';

/**
 * How good predictions are, as one number; larger is better.
 *
 * @param predictions class indices, or real numbers for a correlation: [n]
 * @param labels what was to be predicted, in the same order: [n]
 * @throws UsageError for an empty list, lists of different lengths, or a number that is not finite
 */
export type Metric = (predictions: ArrayLike<number>, labels: ArrayLike<number>) => number;

/** Refuses what no metric can judge, so that no NaN reaches a score. */
export function checkPairs(
  metric: string,
  predictions: ArrayLike<number>,
  labels: ArrayLike<number>,
): void {
  for (const [name, values] of Object.entries({ predictions, labels }))
    if (typeof values !== 'object' || values === null || typeof values.length !== 'number')
      throw new UsageError(
        `${metric}'s ${name} must be an array of numbers, but it is ${describeValue(values)}`,
      );
  if (predictions.length !== labels.length) {
    throw new UsageError(
      `${metric} compares one prediction with each label, ` +
        `but there are ${predictions.length} predictions and ${labels.length} labels`,
    );
  }
  if (predictions.length === 0) {
    throw new UsageError(`${metric} needs at least one prediction, but there are none`);
  }
  for (const [what, values] of [
    ['prediction', predictions],
    ['label', labels],
  ] as const) {
    for (let i = 0; i < values.length; i++) {
      if (!Number.isFinite(values[i])) {
        throw new UsageError(`${metric} needs finite numbers, but ${what} ${i} is ${values[i]}`);
      }
    }
  }
}

/** As `checkPairs`, and refuses what is not a class index: 0, 1, 2, … */
export function checkClasses(
  metric: string,
  predictions: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes = Number.POSITIVE_INFINITY,
): void {
  checkPairs(metric, predictions, labels);
  for (const [what, values] of [
    ['prediction', predictions],
    ['label', labels],
  ] as const) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isInteger(value) || value < 0 || value >= classes) {
        const accepted = classes === 2 ? '0 or 1' : 'a class index (0, 1, 2, …)';
        throw new UsageError(`${metric} needs ${accepted}, but ${what} ${i} is ${value}`);
      }
    }
  }
}
