import { checkOptions, describeValue, nearName, UsageError } from '@sketchgrad/core';
import { metrics } from '../metrics/evaluate.js';
import { checkedData } from './checked-data.js';
import type { TrainingData } from './model.js';
import type { EvaluationOptions } from './sentence-evaluation.js';

/** The examples of an evaluation, {@link checkedData}. @throws UsageError for those or scores that are none */
export function checkedEvaluation({ data, metrics: names }: EvaluationOptions): TrainingData {
  const checked = checkedData('the evaluation data', data);
  if (!Array.isArray(names))
    throw new UsageError(`metrics must be an array of names, but it is ${describeValue(names)}`);
  for (const name of names)
    if (!Object.hasOwn(metrics, name))
      throw new UsageError(
        `there is no metric ${describeValue(name)}${nearName(String(name), Object.keys(metrics))}; there are ${Object.keys(metrics).join(', ')}`,
      );
  return checked;
}

/** The same of what judges a run, by one score at least. @throws UsageError for what nothing can be judged by */
export function checkedJudging(evaluation: EvaluationOptions): TrainingData {
  checkOptions('evaluation', evaluation, { data: true, metrics: true });
  const data = checkedEvaluation(evaluation);
  // The first one says which evaluation is best.
  if (evaluation.metrics.length === 0)
    throw new UsageError(
      `metrics is empty: name at least one of ${Object.keys(metrics).join(', ')}`,
    );
  return data;
}
