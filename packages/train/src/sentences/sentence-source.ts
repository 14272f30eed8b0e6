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
import { EpochCut } from './epoch-cut.js';
import { fingerprint } from './fingerprint.js';
import type { TrainableModel, TrainingData } from './model.js';
import { PackedShapes } from './packed-shapes.js';
import { indicesOf, lengthsOf, longestOf, tokensOf, withRows } from './pieces.js';
import { type BatchSize, TRAINING_SHAPES } from './row-buckets.js';
import type { SentenceEvaluation } from './sentence-evaluation.js';

/** Epochs whose batches are looked at before the first step, or as many as have so many examples. */
const EPOCHS_KNOWN = 10;
const EXAMPLES_KNOWN = 100_000;

/** How many more tokens a batch of a later epoch is thought to have than the largest that is known. */
const MARGIN = 2 ** (1 / 4);

/** Batches that a budget's search looks at: each pass over one takes about as long as a step. */
const PROBES = 2;

export interface SentenceSettings {
  readonly data: TrainingData;
  readonly seed: number;
  readonly batchSize: number;
  readonly accumulate: number;
  readonly epochs: number;
  readonly evaluation?: SentenceEvaluation | undefined;
  /** What it says of the evaluation's data. */
  readonly evaluated: Configuration[string];
}

/** A batch that a run will come to. */
interface KnownPiece extends BatchSize {
  readonly index: number;
  readonly of: number;
  readonly update?: number;
}

/**
 * Sentences in random batches. Each epoch visits the examples in an order of its own (`dataOrder`), cut into
 * batches as they come, the tokens of a batch one behind the other; the last batch has what is left over.
 */
export class SentenceSource implements StepSource<SentenceShape> {
  readonly #settings: SentenceSettings;
  readonly #cut: EpochCut;
  readonly #lengths: Int32Array;
  readonly #known: readonly KnownPiece[];
  readonly #shapes: PackedShapes;
  readonly evaluation?: SentenceEvaluation;

  constructor(
    readonly model: TrainableModel,
    settings: SentenceSettings,
  ) {
    const { data, batchSize, accumulate, evaluation } = settings;
    this.#settings = settings;
    this.#cut = new EpochCut(data.length, batchSize, accumulate);
    if (evaluation) this.evaluation = evaluation;
    this.#lengths = lengthsOf(data);
    this.#known = [...this.#knownPieces()];
    this.#shapes = new PackedShapes(this.#lengths, this.#known, TRAINING_SHAPES);
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
    const given = this.#settings.data.batch(indices);
    if (!given.labels) throw new UsageError('the training data has no labels');
    const tokens = indices.reduce((sum, index) => sum + this.#lengths[index]!, 0);
    const shape = this.#shapes.of({ examples: indices.length, tokens });
    const batch = withRows(given, shape);
    const { starts, attentionMask } = batch;
    return {
      shape,
      inputs: this.model.inputs(batch),
      examples: shape.batchSize,
      rows: () => ({ indices, starts, attentionMask }),
    };
  }

  /** Of the later epochs of a long run, somewhat larger ones than any that is known. */
  *known(): Iterable<KnownStep<SentenceShape>> {
    for (const { work: _, tokens, ...piece } of this.#known)
      yield { ...piece, shape: this.#shapes.of({ ...piece, tokens }) };
  }

  get #epochsKnown(): number {
    const { data, epochs } = this.#settings;
    return Math.min(epochs, Math.max(EPOCHS_KNOWN, Math.floor(EXAMPLES_KNOWN / data.length)));
  }

  *#knownPieces(): Iterable<KnownPiece> {
    const { data, seed, epochs } = this.#settings;
    const known = this.#epochsKnown;
    const largest = new Map<number, number>();
    for (let epoch = 0; epoch < known; epoch++) {
      const order = dataOrder(seed, epoch, data.length);
      for (let update = 0; update < this.#cut.updates; update++) {
        const pieces = this.#cut.pieces(update);
        for (const [index, piece] of pieces.entries()) {
          const examples = piece.end - piece.start;
          const tokens = tokensOf(this.#lengths, order, piece);
          largest.set(examples, Math.max(largest.get(examples) ?? 0, tokens));
          yield {
            ...{ examples, tokens, index, of: pieces.length },
            work: index === pieces.length - 1 ? 'last' : 'earlier',
            update: epoch * this.#cut.updates + update,
          };
        }
      }
    }
    if (epochs <= known) return;
    const pieces = this.#cut.pieces(0);
    for (const [index, { start, end }] of pieces.entries()) {
      const tokens = Math.ceil(largest.get(end - start)! * MARGIN);
      yield {
        ...{ examples: end - start, index, of: pieces.length },
        work: index === pieces.length - 1 ? 'last' : 'earlier',
        tokens: Math.min(tokens, (end - start) * longestOf(this.#lengths)),
      };
    }
  }

  /**
   * The share of all rows of the batches that are known which belong to nobody, an evaluation in each
   * epoch among them.
   */
  get emptyRows(): number {
    const evaluated = this.evaluation?.shapes.buckets;
    let tokens = this.#epochsKnown * (evaluated?.tokens ?? 0);
    let rows = this.#epochsKnown * (evaluated?.rows ?? 0);
    for (const piece of this.#known) {
      if (piece.update === undefined) continue;
      tokens += piece.tokens;
      rows += this.#shapes.of(piece).rows;
    }
    return 1 - tokens / rows;
  }

  probes(mostExamples: number): ProbeBatches<SentenceShape> {
    const { data, seed, batchSize, accumulate } = this.#settings;
    // Two at least, where there are two: one example alone tells nothing of how they vary.
    const size = Math.min(Math.max(2, batchSize / accumulate), mostExamples, data.length);
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
