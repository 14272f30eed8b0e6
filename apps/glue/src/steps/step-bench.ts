import type { Contender, PreparedStep } from '@sketchgrad/bench';
import { describeReport, type LinearLayers, warningOfKept } from '@sketchgrad/bench/command-line';
import {
  type Backend,
  type DeviceState,
  type Graph,
  priorityInput,
  rankedLayers,
  type SentenceBatch,
  type TensorData,
  threefry2x32,
  uniform,
} from '@sketchgrad/core';
import type { EncoderClassifier } from '@sketchgrad/models';
import { adamwOptions, adamwSettings, expectKeptRows, traceTrainingStep } from '@sketchgrad/train';
import { formatWay, type Way } from '@sketchgrad/train/language';
import type { SharedOptions } from '../options/shared.js';
import { orSayWhatFits } from './fitting-batch.js';

/** So small that random labels spoil no weights, and a step's work is the same at any. */
const LEARNING_RATE = 1e-6;

/** In the vocabularies of BERT and RoBERTa the first five tokens are special ones. */
const SPECIAL_TOKENS = 5;

/** What decides over a step, beside its estimator. */
type BenchOptions = Pick<SharedOptions, 'batchSize' | 'sequence' | 'recompute' | 'keep' | 'seed'>;

/** Training steps on one batch of random tokens; those that are compared share the weights. */
export class StepBench {
  readonly #model: EncoderClassifier;
  readonly #backend: Backend;
  readonly #options: BenchOptions;
  readonly #inputs: Record<string, TensorData>;
  #state: DeviceState | undefined;
  #step = 0;

  constructor(model: EncoderClassifier, backend: Backend, options: BenchOptions) {
    this.#model = model;
    this.#backend = backend;
    this.#options = options;
    this.#inputs = model.inputs(randomBatch(model, options));
  }

  /**
   * The step with this estimator.
   * @param way that it is taken, where it is not as all others are
   * @throws UsageError where there is no such step
   */
  contender({ report, option }: LinearLayers, way?: Way): Contender {
    const { batchSize, sequence } = this.#options;
    const { recompute, keep } = way ?? this.#options;
    const traceAt = (size: number) =>
      traceTrainingStep(this.#model, {
        shape: { batchSize: size, sequence },
        recompute,
        ...option,
        ...(keep && { keep }),
      });
    expectKeptRows(this.#model, option.estimator, [{ batchSize, sequence }]);
    const graph = traceAt(batchSize);
    return {
      name: way ? formatWay(way) : describeReport(report),
      prepare: () =>
        orSayWhatFits(() => this.#prepare(graph), {
          backend: this.#backend,
          batchSize,
          traceAt,
          advise: (largest) => `With all else the same, --batch-size ${largest} fits`,
        }),
    };
  }

  /** What to warn of with a step that was measured, if it keeps more than with exact gradients. */
  warningOf(layers: LinearLayers, keptBytes: number, way?: Way): string | undefined {
    const { batchSize, sequence } = this.#options;
    const { recompute, keep } = way ?? this.#options;
    const step = { shape: { batchSize, sequence }, recompute, ...(keep && { keep }) };
    return warningOfKept(
      layers,
      keptBytes,
      () => this.#backend.plan(traceTrainingStep(this.#model, step)).keptBytes,
    );
  }

  async #prepare(graph: Graph): Promise<PreparedStep> {
    const isFirst = this.#state === undefined;
    const state = this.#state ?? this.#backend.createState();
    this.#state = state;
    const executable = await this.#backend.compile(graph, { state });
    const priorities = randomPriorities(graph, this.#options);
    if (isFirst) await this.#model.initialize(state, { seed: this.#options.seed });
    return {
      executable,
      run: async () => {
        const step = this.#step++;
        await executable.run({
          ...this.#inputs,
          ...priorities,
          key: Int32Array.of(this.#options.seed, step),
          settings: adamwSettings(adamwOptions(), { learningRate: LEARNING_RATE, step }),
        });
      },
      dispose: () => executable.dispose(),
    };
  }
}

/** Norms of rows' gradients for the layers that rank their rows, spread as exponential ones are. */
const randomPriorities = (
  { inputs }: Graph,
  { batchSize, sequence, seed }: BenchOptions,
): Record<string, Float32Array> =>
  Object.fromEntries(
    rankedLayers(inputs).map((layer, index) => [
      priorityInput(layer),
      Float32Array.from(
        { length: batchSize * sequence },
        (_, row) => -Math.log(1 - uniform(threefry2x32(seed, -1, 2 + index, row)[0])),
      ),
    ]),
  );

/** Tokens without padding, drawn from the seed. */
function randomBatch(
  { config }: EncoderClassifier,
  { batchSize, sequence, seed }: BenchOptions,
): SentenceBatch {
  const least = config.vocabularySize > SPECIAL_TOKENS ? SPECIAL_TOKENS : 0;
  const draw = (stream: number, index: number, count: number) =>
    threefry2x32(seed, -1, stream, index)[0] % count;
  const tokens = { length: batchSize * sequence };
  const classes = config.labels.length;
  return {
    batchSize,
    sequence,
    tokenIds: Int32Array.from(tokens, (_, i) => least + draw(0, i, config.vocabularySize - least)),
    tokenTypeIds: new Int32Array(tokens.length),
    attentionMask: new Int32Array(tokens.length).fill(1),
    labels:
      config.problemType === 'regression'
        ? Float32Array.from({ length: batchSize }, (_, i) => draw(1, i, 6))
        : Int32Array.from({ length: batchSize }, (_, i) => draw(1, i, classes)),
  };
}
