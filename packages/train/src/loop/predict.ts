import type { TrainableModel, TrainingData } from '../model.js';
import type { ExecutableCache } from '../step/executable-cache.js';
import { evaluationPieces, indicesOf } from './jobs.js';
import { nextTurn } from './next-turn.js';

/** What a model says of examples, in their order. */
export interface Predicted {
  /** The class of the largest logit, or where there is one logit its value (regression): [n] */
  readonly predictions: number[];
  /** What the data says: [n], or empty where it has no labels. */
  readonly labels: number[];
}

export interface PredictOptions {
  readonly batchSize: number;
  readonly signal?: AbortSignal | undefined;
  /** Makes the error for logits that are not finite. */
  readonly nonFinite: (what: string) => Error;
}

/** Predicts batch by batch; gives `undefined` once the signal is aborted. */
export async function predict(
  model: TrainableModel,
  cache: ExecutableCache,
  data: TrainingData,
  { batchSize, signal, nonFinite }: PredictOptions,
): Promise<Predicted | undefined> {
  const predictions: number[] = [];
  const labels: number[] = [];
  for (const piece of evaluationPieces(data, batchSize)) {
    if (signal?.aborted) return undefined;
    const batch = data.batch(indicesOf(undefined, piece));
    const { batchSize: rows, sequence } = batch;
    const executable = await cache.get({ work: 'evaluate', shape: { batchSize: rows, sequence } });
    const { predictions: logits } = await executable.run(model.inputs(batch));
    const columns = logits!.length / rows;
    for (let row = 0; row < rows; row++) {
      const own = logits!.subarray(row * columns, (row + 1) * columns);
      if (!own.every(Number.isFinite))
        throw nonFinite(`the prediction for evaluation example ${piece.start + row} is not finite`);
      predictions.push(columns === 1 ? own[0]! : argmax(own));
    }
    if (batch.labels) labels.push(...batch.labels);
    await nextTurn();
  }
  return { predictions, labels };
}

function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
