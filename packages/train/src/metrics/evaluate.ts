import { describeValue, UsageError } from '@sketchgrad/core';
import { accuracy } from './accuracy.js';
import { pearson, spearman } from './correlation.js';
import { f1 } from './f1.js';
import { matthews } from './matthews.js';
import type { Metric } from './pairs.js';

/** Every metric by its name. */
export const metrics = { accuracy, f1, matthews, pearson, spearman } satisfies Record<
  string,
  Metric
>;

/** The name of a metric that `evaluateMetrics` knows. */
export type MetricName = keyof typeof metrics;

/**
 * Several metrics of the same predictions, by name.
 *
 * @param predictions class indices for accuracy, f1 and matthews; real numbers for pearson and
 *   spearman: [n]
 * @param labels in the same order: [n]
 * @throws UsageError for an unknown name, or what the metric itself refuses
 */
export function evaluateMetrics<Name extends MetricName>(
  names: readonly Name[],
  predictions: ArrayLike<number>,
  labels: ArrayLike<number>,
): Record<Name, number> {
  if (!Array.isArray(names as unknown))
    throw new UsageError(`metrics must be an array of names, but it is ${describeValue(names)}`);
  const scores = names.map((name) => {
    if (!Object.hasOwn(metrics, name)) {
      throw new UsageError(
        `there is no metric '${name}'; there are ${Object.keys(metrics).join(', ')}`,
      );
    }
    return [name, metrics[name](predictions, labels)] as const;
  });
  return Object.fromEntries(scores) as Record<Name, number>;
}
