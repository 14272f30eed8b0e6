import {
  type Backend,
  BackendError,
  checkBackend,
  checkCount,
  checkOptions,
  checkState,
  type DeviceState,
  UsageError,
} from '@sketchgrad/core';
import { expectLabels } from './checks/checked-data.js';
import { checkModel, checkSignal } from './checks/kinds.js';
import { InterruptedError } from './loop/errors.js';
import { evaluationJobs } from './loop/jobs.js';
import { predict } from './loop/predict.js';
import { scoresOf } from './loop/scores.js';
import { checkedEvaluation } from './loop/settings.js';
import type { MetricName } from './metrics/evaluate.js';
import type { TrainableModel, TrainingData } from './model.js';
import { ExecutableCache } from './step/executable-cache.js';
import { traceEvaluation } from './step/trace-evaluation.js';

export interface EvaluateOptions {
  readonly backend: Backend;
  /** A state of the backend with the model's weights, such as a run's. */
  readonly state: DeviceState;
  readonly data: TrainingData;
  /** Scores to compute, for which the data needs labels; none unless given. */
  readonly metrics?: readonly MetricName[];
  /** Examples at once; 32 unless given. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

export interface Evaluation {
  /** Scores by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The class of the largest logit, or where there is one logit its value (regression): [n] */
  readonly predictions: readonly number[];
}

/**
 * Predicts examples, in their order and without dropout, and judges the predictions.
 *
 * @throws UsageError for empty data, an unknown metric, or a state without the model's weights;
 * BackendError where a prediction is not finite; InterruptedError once the signal is aborted
 */
export async function evaluate(
  model: TrainableModel,
  options: EvaluateOptions,
): Promise<Evaluation> {
  checkModel(model);
  checkOptions('evaluate', options, {
    ...{ backend: true, state: true, data: true, metrics: true, batchSize: true, signal: true },
  });
  const { backend, state, metrics = [], batchSize = 32, signal } = options;
  checkBackend('backend', backend);
  checkState('state', state);
  checkSignal(signal);
  const data = checkedEvaluation({ data: options.data, metrics });
  checkCount('batchSize', batchSize);
  if (metrics.length > 0) expectLabels('the evaluation data', data, model);
  checkWeights(model, state);
  const trace = ({ shape }: { shape: Parameters<typeof traceEvaluation>[1] }) =>
    traceEvaluation(model, shape);
  const cache = new ExecutableCache({ backend, state, trace });
  try {
    await cache.prepare(evaluationJobs(data, batchSize));
    const nonFinite = (what: string) => new BackendError(`${what}: the weights are not usable`);
    const predicted = await predict(model, cache, data, { batchSize, signal, nonFinite });
    if (!predicted) throw new InterruptedError('the evaluation was interrupted');
    return { metrics: scoresOf(metrics, predicted), predictions: predicted.predictions };
  } finally {
    await cache.dispose();
  }
}

/** @throws UsageError naming the first of the model's parameters that the state does not hold */
export function checkWeights(model: TrainableModel, state: DeviceState): void {
  const missing = model.parameters.find(({ name }) => !state.tensors.has(name));
  if (missing)
    throw new UsageError(
      `the state has no tensor '${missing.name}'; it must hold the model's weights`,
    );
}
