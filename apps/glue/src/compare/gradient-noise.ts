import { layersOfEstimator } from '@sketchgrad/bench';
import {
  type Backend,
  type DeviceState,
  elements,
  KEY_INPUT,
  priorityInput,
  rankedLayers,
  readFloats,
  rowNormOutput,
  type SentenceBatch,
  sentenceShape,
  type TensorData,
  takesKey,
} from '@sketchgrad/core';
import type { EncoderClassifier } from '@sketchgrad/models';
import { stateNames, traceTrainingStep } from '@sketchgrad/train';
import { parseWay, type Way } from '@sketchgrad/train/language';

/** What is looked at, and with what. */
export interface NoiseOptions {
  readonly backend: Backend;
  /** Each of two examples at least, of which it tells how much they differ. */
  readonly batches: readonly SentenceBatch[];
  readonly seed: number;
  /** Told after each gradient. */
  readonly onStep?: (done: number, total: number) => void;
}

/** How far gradients are from the exact ones of the same batch. */
export interface GradientNoise {
  /** Mean ‖ĝ − g‖² over the batches, of all parameters, over their mean D²_SGD by example. */
  readonly addedNoise: number;
  /** √(mean ‖ĝ − g‖² / mean ‖g‖²). */
  readonly relativeError: number;
}

/**
 * What each way adds to the noise of a whole gradient, measured without dropout: estimators,
 * rounded activations and all that follows from them. In units of D²_SGD by example, the variance that
 * a gradient has because its batch of n examples is a sample: (n Σ_e ‖g_e‖² − ‖g‖²)/(n − 1) of their own
 * gradients g_e, whose sum is g (eq. 9 of arXiv 2201.13195, of examples in the place of rows).
 *
 * Estimators that rank rows are handed the norms of the batch's own exact step, as they would be
 * from an epoch before in which no weight moved.
 *
 * @throws what compiling and running throw
 */
export async function gradientNoise(
  model: EncoderClassifier,
  ways: readonly Way[],
  { backend, batches, seed, onStep }: NoiseOptions,
): Promise<GradientNoise[]> {
  const still = model.withoutDropout();
  const gradients = new Gradients(still, backend, seed);
  const total = batches.reduce((sum, { batchSize }) => sum + batchSize + 1 + ways.length, 0);
  let done = 0;
  const step = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work;
    onStep?.(++done, total);
    return result;
  };
  const errors = ways.map(() => 0);
  let [variance, power] = [0, 0];
  for (const batch of batches) {
    const { batchSize } = batch;
    const exact = await step(gradients.of(EXACT, batch));
    let own = 0;
    for (let example = 0; example < batchSize; example++)
      own += squaredDistance(await step(gradients.of(EXACT, exampleOf(batch, example))));
    variance += (batchSize * own - squaredDistance(exact)) / (batchSize - 1);
    power += squaredDistance(exact);
    for (const [index, way] of ways.entries())
      errors[index]! += squaredDistance(exact, await step(gradients.of(way, batch)));
  }
  return errors.map((error) => ({
    addedNoise: error / variance,
    relativeError: Math.sqrt(error / power),
  }));
}

const EXACT = parseWay('dense');

/** A batch of one of a batch's examples. */
function exampleOf(batch: SentenceBatch, example: number): SentenceBatch {
  const [start, end] = [batch.starts[example]!, batch.starts[example + 1]!];
  const part = (array: Int32Array) => array.slice(start, end);
  return {
    ...sentenceShape(1, end - start),
    starts: Int32Array.of(0, end - start),
    tokenIds: part(batch.tokenIds),
    tokenTypeIds: part(batch.tokenTypeIds),
    attentionMask: part(batch.attentionMask),
    ...(batch.labels && { labels: batch.labels.slice(example, example + 1) }),
  };
}

/** A gradient, a tensor for each parameter. */
type Gradient = readonly Float32Array[];

/** Computes gradients at the starting weights. */
class Gradients {
  #state: DeviceState | undefined;

  constructor(
    private readonly model: EncoderClassifier,
    private readonly backend: Backend,
    private readonly seed: number,
  ) {}

  async of(way: Way, batch: SentenceBatch): Promise<Gradient> {
    const { batchSize, rows, longest } = batch;
    const graph = traceTrainingStep(this.model, {
      shape: { batchSize, rows, longest },
      ...{ accumulation: 'add', examples: batchSize },
      recompute: way.recompute,
      keep: way.keep,
      ...layersOfEstimator(way.estimator, this.model, way).option,
    });
    const isFirst = this.#state === undefined;
    const state = this.#state ?? this.backend.createState();
    this.#state = state;
    const executable = await this.backend.compile(graph, { state });
    try {
      if (isFirst) await this.model.initialize(state, { seed: this.seed });
      const inputs = {
        ...this.model.inputs(batch),
        ...(takesKey(graph.inputs) && { [KEY_INPUT]: Int32Array.of(this.seed, 0) }),
      };
      const names = this.model.parameters.map(({ name }) => stateNames(name).gradient);
      const run = async (priorities: Record<string, TensorData>) => {
        for (const name of names)
          await state.write(name, new Float32Array(elements(state.tensors.get(name)!)));
        return executable.run({ ...inputs, ...priorities });
      };
      const ranked = rankedLayers(graph.inputs);
      const norms = await run(guesses(ranked, rows));
      if (ranked.length > 0) await run(guesses(ranked, rows, norms));
      return await Promise.all(names.map((name) => readFloats(state, name)));
    } finally {
      await executable.dispose();
    }
  }
}

/** Guesses of rows' norms by layer; alike where there are none. */
const guesses = (
  layers: readonly string[],
  rows: number,
  norms: Readonly<Record<string, TensorData>> = {},
): Record<string, TensorData> =>
  Object.fromEntries(
    layers.map((layer) => [
      priorityInput(layer),
      norms[rowNormOutput(layer)] ?? new Float32Array(rows).fill(1),
    ]),
  );

/** ‖a − b‖², or ‖a‖². */
function squaredDistance(a: Gradient, b?: Gradient): number {
  let sum = 0;
  a.forEach((tensor, at) => {
    const other = b?.[at];
    for (let i = 0; i < tensor.length; i++) sum += (tensor[i]! - (other?.[i] ?? 0)) ** 2;
  });
  return sum;
}
