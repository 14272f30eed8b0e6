import { type SentenceShape, UsageError } from '@sketchgrad/core';
import type { Configuration } from '../checkpoints/progress.js';
import { dataOrder } from '../order/data-order.js';
import type {
  KnownStep,
  ProbeBatches,
  StepBatch,
  StepSource,
  StepUpdate,
} from '../source/step-source.js';
import { EpochCut, type Piece } from './epoch-cut.js';
import { fingerprint } from './fingerprint.js';
import type { TrainableModel, TrainingData } from './model.js';
import { indicesOf, shapeOf } from './pieces.js';
import type { SentenceEvaluation } from './sentence-evaluation.js';

/** Epochs whose batches are looked at before the first step, or as many as have so many examples. */
const EPOCHS_KNOWN = 10;
const EXAMPLES_KNOWN = 100_000;

/** Batches that a budget's search looks at: each pass over one takes about as long as a step. */
const PROBES = 2;

export interface SentenceSettings {
  readonly data: TrainingData;
  readonly seed: number;
  readonly batchSize: number;
  readonly accumulate: number;
  readonly evaluation?: SentenceEvaluation | undefined;
  /** What it says of the evaluation's data. */
  readonly evaluated: Configuration[string];
}

/**
 * Sentences in random batches. Each epoch visits the examples in an order of its own (`dataOrder`), cut into
 * batches as they come, each padded to its longest example; the last batch has what is left over.
 */
export class SentenceSource implements StepSource<SentenceShape> {
  readonly #settings: SentenceSettings;
  readonly #cut: EpochCut;
  readonly evaluation?: SentenceEvaluation;

  constructor(
    readonly model: TrainableModel,
    settings: SentenceSettings,
  ) {
    const { data, batchSize, accumulate, evaluation } = settings;
    this.#settings = settings;
    this.#cut = new EpochCut(data.length, batchSize, accumulate);
    if (evaluation) this.evaluation = evaluation;
  }

  get configuration(): Configuration {
    const { data, batchSize, accumulate, evaluated } = this.#settings;
    return { data: fingerprint(data), evaluation: evaluated, batchSize, accumulate };
  }

  get updatesPerEpoch(): number {
    return this.#cut.updates;
  }

  get accumulates(): boolean {
    return this.#settings.accumulate > 1;
  }

  get examples(): number {
    return this.#settings.data.length;
  }

  *updates(epoch: number): Iterable<StepUpdate<SentenceShape>> {
    const { data, seed } = this.#settings;
    const order = dataOrder(seed, epoch, data.length);
    for (let update = 0; update < this.#cut.updates; update++) {
      const pieces = this.#cut.pieces(update);
      yield {
        examples: pieces.at(-1)!.end - pieces[0]!.start,
        batches: pieces.map((piece) => () => this.#batch(indicesOf(order, piece))),
      };
    }
  }

  /** @throws UsageError where the data has no labels */
  #batch(indices: readonly number[]): StepBatch<SentenceShape> {
    const batch = this.#settings.data.batch(indices);
    if (!batch.labels) throw new UsageError('the training data has no labels');
    const { batchSize, sequence, attentionMask } = batch;
    return {
      shape: { batchSize, sequence },
      inputs: this.model.inputs(batch),
      examples: batchSize,
      rows: () => ({ indices, sequence, attentionMask }),
    };
  }

  /**
   * Of the later epochs of a long run, the largest that they can have. Where the data does not tell
   * lengths, only its first batch is looked at.
   */
  *known(epochs: number): Iterable<KnownStep<SentenceShape>> {
    const { data, seed } = this.#settings;
    const most = Math.max(EPOCHS_KNOWN, Math.floor(EXAMPLES_KNOWN / data.length));
    const knownEpochs = data.sequenceOf ? Math.min(epochs, most) : 1;
    for (let epoch = 0; epoch < knownEpochs; epoch++) {
      const order = dataOrder(seed, epoch, data.length);
      const end = data.sequenceOf ? this.#cut.updates : 1;
      for (let update = 0; update < end; update++)
        yield* knownOf(
          this.#cut.pieces(update),
          (piece) => shapeOf(data, order, piece),
          epoch * this.#cut.updates + update,
        );
    }
    if (!data.sequenceOf || epochs <= knownEpochs) return;
    // Whole batches, the longest example among them.
    let sequence = 0;
    for (let index = 0; index < data.length; index++)
      sequence = Math.max(sequence, data.sequenceOf(index));
    yield* knownOf(this.#cut.pieces(0), ({ start, end }) => ({ batchSize: end - start, sequence }));
  }

  probes(mostExamples: number): ProbeBatches<SentenceShape> {
    const { data, seed, batchSize, accumulate } = this.#settings;
    const size = Math.min(batchSize / accumulate, mostExamples, data.length);
    const order = dataOrder(seed, 0, data.length);
    return {
      count: Math.min(PROBES, Math.floor(data.length / size)),
      batch: (index) => this.#batch([...order.subarray(index * size, (index + 1) * size)]),
    };
  }

  /** Other numbers of equal pieces, by rising number. */
  get cuts(): readonly number[] {
    const { batchSize, accumulate } = this.#settings;
    return Array.from({ length: batchSize }, (_, at) => at + 1).filter(
      (pieces) => batchSize % pieces === 0 && pieces !== accumulate,
    );
  }

  cutInto(accumulate: number): SentenceSource {
    return new SentenceSource(this.model, { ...this.#settings, accumulate });
  }
}

function* knownOf(
  pieces: readonly Piece[],
  shape: (piece: Piece) => SentenceShape,
  update?: number,
): Iterable<KnownStep<SentenceShape>> {
  for (const [index, piece] of pieces.entries())
    yield {
      ...{ shape: shape(piece), examples: piece.end - piece.start, index, of: pieces.length },
      ...(update === undefined ? {} : { update }),
    };
}
