import {
  type Contender,
  describeReport,
  type LinearLayers,
  ModelSteps,
  warningOfKept,
} from '@sketchgrad/bench';
import { orSayWhatFits } from '@sketchgrad/bench/node';
import {
  type Backend,
  type SentenceBatch,
  type SentenceShape,
  sentenceShape,
  threefry2x32,
  uniform,
} from '@sketchgrad/core';
import type { EncoderClassifier } from '@sketchgrad/models';
import { formatWay, type Way } from '@sketchgrad/train/language';
import type { SharedOptions } from '../options/shared.js';

/** In the vocabularies of BERT and RoBERTa the first five tokens are special ones. */
const SPECIAL_TOKENS = 5;

/** What decides over a step, beside its estimator. */
type BenchOptions = Pick<SharedOptions, 'batchSize' | 'sequence' | 'recompute' | 'keep' | 'seed'>;

/** Training steps on one batch of random tokens; those that are compared share the weights. */
export class StepBench {
  readonly #backend: Backend;
  readonly #options: BenchOptions;
  readonly #steps: ModelSteps<SentenceShape>;

  constructor(model: EncoderClassifier, backend: Backend, options: BenchOptions) {
    const { seed } = options;
    this.#backend = backend;
    this.#options = options;
    this.#steps = new ModelSteps(model, backend, {
      shape: sentenceShape(options.batchSize, options.sequence),
      inputs: model.inputs(randomBatch(model, options)),
      seed,
      priorities: randomPriorities(seed),
    });
  }

  /**
   * The step with this estimator.
   * @param way that it is taken, where it is not as all others are
   * @throws UsageError where there is no such step
   */
  contender({ report, option }: LinearLayers, way?: Way): Contender {
    const { batchSize, sequence, recompute, keep } = { ...this.#options, ...way };
    const taken = { recompute, keep, ...option };
    const name = way ? formatWay(way) : describeReport(report);
    const contender = this.#steps.contender(name, taken);
    return {
      name,
      prepare: () =>
        orSayWhatFits(contender.prepare, {
          backend: this.#backend,
          batchSize,
          traceAt: (size) => this.#steps.trace(taken, sentenceShape(size, sequence)),
          advise: (largest) => `With all else the same, --batch-size ${largest} fits`,
        }),
    };
  }

  /** What to warn of with a step that was measured, if it keeps more than with exact gradients. */
  warningOf(layers: LinearLayers, keptBytes: number, way?: Way): string | undefined {
    return warningOfKept(layers, keptBytes, () => this.#steps.keptWhenExact(way ?? this.#options));
  }
}

/** Norms of rows' gradients for the layers that rank their rows, spread as exponential ones are. */
const randomPriorities =
  (seed: number) =>
  (rows: number, index: number): Float32Array =>
    Float32Array.from(
      { length: rows },
      (_, row) => -Math.log(1 - uniform(threefry2x32(seed, -1, 2 + index, row)[0])),
    );

/** Tokens without padding, drawn from the seed. */
function randomBatch(
  { config }: EncoderClassifier,
  { batchSize, sequence, seed }: BenchOptions,
): SentenceBatch {
  const least = config.vocabularySize > SPECIAL_TOKENS ? SPECIAL_TOKENS : 0;
  const draw = (stream: number, index: number, count: number) =>
    threefry2x32(seed, -1, stream, index)[0] % count;
  const shape = sentenceShape(batchSize, sequence);
  const tokens = { length: shape.rows };
  const classes = config.labels.length;
  return {
    ...shape,
    starts: Int32Array.from({ length: batchSize + 1 }, (_, example) => example * sequence),
    tokenIds: Int32Array.from(tokens, (_, i) => least + draw(0, i, config.vocabularySize - least)),
    tokenTypeIds: new Int32Array(tokens.length),
    attentionMask: new Int32Array(tokens.length).fill(1),
    labels:
      config.problemType === 'regression'
        ? Float32Array.from({ length: batchSize }, (_, i) => draw(1, i, 6))
        : Int32Array.from({ length: batchSize }, (_, i) => draw(1, i, classes)),
  };
}
