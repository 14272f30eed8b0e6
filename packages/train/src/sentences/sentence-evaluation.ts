import { type SentenceShape, UsageError } from '@sketchgrad/core';
import { evaluateMetrics, type MetricName } from '../metrics/evaluate.js';
import type { Judge, StepEvaluation } from '../source/step-source.js';
import { EpochCut, type Piece } from './epoch-cut.js';
import type { TrainableModel, TrainingData } from './model.js';
import { PackedShapes } from './packed-shapes.js';
import { indicesOf, lengthsOf, tokensOf, withRows } from './pieces.js';
import { type BatchSize, EVALUATION_SHAPES } from './row-buckets.js';

/** What a model is judged by. */
export interface EvaluationOptions {
  /** Examples with labels, in the order in which predictions are wanted. */
  readonly data: TrainingData;
  /** Scores to compute, the leading one first. */
  readonly metrics: readonly MetricName[];
}

/** What a model says of examples, in their order. */
interface Predicted {
  /** The class of the largest logit, or where there is one logit its value (regression): [n] */
  readonly predictions: number[];
  /** What the data says: [n], or empty where it has no labels. */
  readonly labels: number[];
}

/** Examples that a model is judged by, in their order. */
export class SentenceEvaluation implements StepEvaluation<SentenceShape> {
  readonly scores: readonly MetricName[];
  readonly #model: TrainableModel;
  readonly #data: TrainingData;
  readonly #pieces: readonly Piece[];
  readonly #sizes: readonly BatchSize[];
  /** What its batches come in. */
  readonly shapes: PackedShapes;
  /** The latest evaluation's; undefined before the first. */
  predictions: readonly number[] | undefined;

  constructor(
    model: TrainableModel,
    data: TrainingData,
    { metrics, batchSize }: { readonly metrics: readonly MetricName[]; readonly batchSize: number },
  ) {
    this.#model = model;
    this.#data = data;
    this.scores = metrics;
    const cut = new EpochCut(data.length, batchSize, 1);
    this.#pieces = Array.from({ length: cut.updates }, (_, at) => cut.pieces(at)[0]!);
    const lengths = lengthsOf(data);
    this.#sizes = this.#pieces.map((piece) => ({
      examples: piece.end - piece.start,
      tokens: tokensOf(lengths, undefined, piece),
    }));
    this.shapes = new PackedShapes(lengths, this.#sizes, EVALUATION_SHAPES);
  }

  batches() {
    return this.#pieces.map((piece, at) => () => {
      const shape = this.shapes.of(this.#sizes[at]!);
      const batch = withRows(this.#data.batch(indicesOf(undefined, piece)), shape);
      const inputs = this.#model.inputs(batch);
      return { shape, inputs, examples: shape.batchSize, labels: batch.labels };
    });
  }

  *known() {
    for (const size of this.#sizes) yield { shape: this.shapes.of(size), examples: size.examples };
  }

  judge(nonFinite: (what: string) => Error): Judge<SentenceShape> {
    const found: Predicted = { predictions: [], labels: [] };
    return {
      add: (batch, { predictions: logits }) => {
        addPredicted(found, logits as Float32Array, batch.examples, nonFinite);
        const { labels } = batch as { readonly labels?: Int32Array | Float32Array };
        if (labels) found.labels.push(...labels);
      },
      scores: () => {
        this.predictions = found.predictions;
        return scoresOf(this.scores, found);
      },
    };
  }
}

/** @throws nonFinite for a logit that is not finite */
function addPredicted(
  { predictions }: Predicted,
  logits: Float32Array,
  rows: number,
  nonFinite: (what: string) => Error,
): void {
  const columns = logits.length / rows;
  for (let row = 0; row < rows; row++) {
    const own = logits.subarray(row * columns, (row + 1) * columns);
    if (!own.every(Number.isFinite))
      throw nonFinite(`the prediction for evaluation example ${predictions.length} is not finite`);
    predictions.push(columns === 1 ? own[0]! : argmax(own));
  }
}

/** The scores of predictions by name. @throws UsageError where there are no labels to compare with */
function scoresOf(
  metrics: readonly MetricName[],
  { predictions, labels }: Predicted,
): Record<string, number> {
  if (metrics.length > 0 && labels.length !== predictions.length)
    throw new UsageError(
      `${metrics.join(' and ')} cannot be computed: the evaluation data has no labels`,
    );
  return evaluateMetrics(metrics, predictions, labels);
}

function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
