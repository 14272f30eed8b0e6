import { UsageError } from '@sketchgrad/core';
import { evaluateMetrics, type MetricName } from '../metrics/evaluate.js';
import type { Predicted } from './predict.js';

/** The scores of predictions by name. @throws UsageError where there are no labels to compare with */
export function scoresOf(
  metrics: readonly MetricName[],
  { predictions, labels }: Predicted,
): Record<string, number> {
  if (metrics.length > 0 && labels.length !== predictions.length)
    throw new UsageError(
      `${metrics.join(' and ')} cannot be computed: the evaluation data has no labels`,
    );
  return evaluateMetrics(metrics, predictions, labels);
}
