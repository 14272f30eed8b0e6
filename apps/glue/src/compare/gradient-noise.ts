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
  type TensorData,
  takesKey,
} from '@sketchgrad/core';
import type { EncoderClassifier } from '@sketchgrad/models';
import { stateNames, traceTrainingStep } from '@sketchgrad/train';
import { parseWay, type Way } from '@sketchgrad/train/language';

/** What is looked at, and with what. */
export interface NoiseOptions {
  readonly backend: Backend;
  /** Two batches or more of one size, of which each pair tells how much batches differ. */
  readonly batches: readonly SentenceBatch[];
  readonly seed: number;
  /** Told after each gradient. */
  readonly onStep?: (done: number, total: number) => void;
}

/** How far gradients are from the exact ones of the same batch. */
export interface GradientNoise {
  /** Mean ‖ĝ − g‖² over the batches, of all parameters, over `batchVariance`. */
  readonly addedNoise: number;
  /** √(mean ‖ĝ − g‖² / mean ‖g‖²). */
  readonly relativeError: number;
}

/**
 * What each way adds to the noise of a whole gradient, measured without dropout: estimators,
 * rounded activations and all that follows from them. In units of the variance that a gradient has
 * because its batch is a sample, half the mean ‖g − g′‖² of pairs of batches.
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
  const pairs = Math.floor(batches.length / 2);
  const gradients = new Gradients(still, backend, seed);
  const total = pairs * (2 + ways.length);
  let done = 0;
  const step = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work;
    onStep?.(++done, total);
    return result;
  };
  const errors = ways.map(() => 0);
  let [variance, power] = [0, 0];
  for (let pair = 0; pair < pairs; pair++) {
    const [one, other] = [batches[2 * pair]!, batches[2 * pair + 1]!];
    const exact = await step(gradients.of(EXACT, one));
    variance += squaredDistance(exact, await step(gradients.of(EXACT, other))) / 2;
    power += squaredDistance(exact);
    for (const [index, way] of ways.entries())
      errors[index]! += squaredDistance(exact, await step(gradients.of(way, one)));
  }
  return errors.map((error) => ({
    addedNoise: error / variance,
    relativeError: Math.sqrt(error / power),
  }));
}

const EXACT = parseWay('dense');

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
