import {
  type Backend,
  BackendError,
  checkBackend,
  checkCount,
  checkOptions,
  checkState,
  type DeviceState,
  type SentenceShape,
} from '@sketchgrad/core';
import { checkSentenceModel, checkSignal } from '../checks/kinds.js';
import { checkWeights } from '../checks/weights.js';
import { InterruptedError } from '../errors.js';
import type { MetricName } from '../metrics/evaluate.js';
import { evaluateSource } from '../run/evaluate-source.js';
import { ExecutableCache, type Job } from '../step/executable-cache.js';
import { traceEvaluation } from '../step/trace-evaluation.js';
import { expectLabels } from './checked-data.js';
import { checkedEvaluation } from './checked-evaluation.js';
import type { TrainableModel, TrainingData } from './model.js';
import { SentenceEvaluation } from './sentence-evaluation.js';

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
  checkSentenceModel(model);
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
  const evaluation = new SentenceEvaluation(model, data, { metrics, batchSize });
  const trace = ({ shape }: Job<SentenceShape>) => traceEvaluation(model, shape);
  const cache = new ExecutableCache({ backend, state, trace });
  try {
    await cache.prepare(
      [...evaluation.known()].map((each) => ({ ...each, work: 'evaluate' as const })),
    );
    const nonFinite = (what: string) => new BackendError(`${what}: the weights are not usable`);
    const found = await evaluateSource(evaluation, cache, { signal, nonFinite });
    if (!found) throw new InterruptedError('the evaluation was interrupted');
    return { metrics: found.metrics, predictions: evaluation.predictions! };
  } finally {
    await cache.dispose();
  }
}
