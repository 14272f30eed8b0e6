import {
  type Backend,
  type DeviceState,
  type Executable,
  type KeepChoice,
  type Moments,
  probedMoments,
  probeOutputs,
  type RecomputeMode,
  type TensorData,
  UsageError,
} from '@sketchgrad/core';
import { layersOf } from '../loop/describe-estimator.js';
import { InterruptedError } from '../loop/errors.js';
import { nextTurn } from '../loop/next-turn.js';
import type { TrainableModel, TrainingData } from '../model.js';
import { dataOrder } from '../order/data-order.js';
import { DRAW_KEY, type LayerEstimatorsOf, traceProbe } from './trace-probe.js';

/** Batches that are looked at: each pass takes about as long as a step. */
const BATCHES = 2;
/** Examples of each, at most: rates are shares, so that a smaller batch tells what a larger one does. */
const EXAMPLES = 16;

/** What passes are made with. */
export interface PassOptions {
  readonly backend: Backend;
  /** A state of the backend; `initialize` fills it once its tensors are allocated. */
  readonly state: DeviceState;
  readonly initialize: () => Promise<void>;
  readonly data: TrainingData;
  readonly batchSize: number;
  readonly seed: number;
  readonly recompute: RecomputeMode;
  readonly keep?: KeepChoice | undefined;
  /** Names of the layers that have exact gradients whatever the candidates would add. */
  readonly free: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
}

/** What is looked at in a pass over a batch. */
export interface Pass {
  /** Whose variances are wanted of a layer that is not free; undefined where nothing is wanted. */
  readonly estimators: LayerEstimatorsOf;
  /** Passes with another number have another dropout. */
  readonly dropout: 1;
  /** Draws of what is averaged over draws; none are made where this is 0. */
  readonly draws: number;
  /** Which draws: passes over a batch with another number make others. */
  readonly round: number;
  readonly guesses?: Readonly<Record<string, TensorData>>;
}

/** A pass for variances, or for the norms of rows alone. */
type AnyPass = Omit<Pass, 'estimators' | 'dropout'> &
  Partial<Pick<Pass, 'estimators'>> & { readonly dropout: 0 | 1 };

/**
 * Passes over the first batches of the first epoch (of at most 16 examples) at the weights that
 * training starts from, which update nothing.
 */
export class ProbePasses {
  /** How many batches there are. */
  readonly batches: number;
  readonly #model: TrainableModel;
  readonly #options: PassOptions;
  readonly #size: number;
  readonly #compiled = new Map<string, Executable>();
  #isInitialized = false;

  constructor(model: TrainableModel, options: PassOptions) {
    const { data, batchSize } = options;
    this.#model = model;
    this.#options = options;
    this.#size = Math.min(batchSize, EXAMPLES, data.length);
    this.batches = Math.min(BATCHES, Math.floor(data.length / this.#size));
  }

  /** @throws UsageError where the data has no labels */
  batch(index: number) {
    const { data, seed } = this.#options;
    const order = dataOrder(seed, 0, data.length);
    const indices = [...order.subarray(index * this.#size, (index + 1) * this.#size)];
    const batch = data.batch(indices);
    if (!batch.labels) throw new UsageError('the training data has no labels');
    const layers = layersOf(this.#model, this.#shape(batch.sequence));
    return { batch, layers, indices };
  }

  /**
   * What is observed of each layer in a pass over the `index`-th batch.
   * @throws InterruptedError; what the backend throws
   */
  async run(index: number, pass: Pass): Promise<(layer: string) => Moments> {
    const { free } = this.#options;
    const estimators: LayerEstimatorsOf = (layer) => {
      const wanted = pass.estimators(layer);
      return wanted && free.has(layer) ? [] : wanted;
    };
    const outputs = await this.#outputs(index, { ...pass, estimators });
    const inputs = new Map(this.batch(index).layers.map((layer) => [layer.name, layer.inputs]));
    return (layer) =>
      probedMoments(outputs, {
        layer,
        inputs: inputs.get(layer)!,
        estimators: estimators(layer) ?? [],
      });
  }

  /**
   * ‖y_i‖² of each row of each layer's cotangent, f32 [rows], under other dropout than that of `run`.
   * @throws InterruptedError; what the backend throws
   */
  async rowNorms(index: number): Promise<(layer: string) => TensorData> {
    const outputs = await this.#outputs(index, { dropout: 0, draws: 0, round: 0 });
    return (layer) => outputs[probeOutputs(layer).yNorms]!;
  }

  async dispose(): Promise<void> {
    for (const executable of this.#compiled.values()) await executable.dispose();
    this.#compiled.clear();
  }

  async #outputs(index: number, pass: AnyPass): Promise<Record<string, TensorData>> {
    const { seed, signal } = this.#options;
    if (signal?.aborted)
      throw new InterruptedError('interrupted while estimators were chosen: nothing is saved');
    await nextTurn();
    const { batch } = this.batch(index);
    const executable = await this.#executable(batch.sequence, pass);
    // Below those of training, which count up from 0, and of starting weights, −1.
    const key = Int32Array.of(seed, -2 - 2 * index - pass.dropout);
    const drawKey = Int32Array.of(seed, -2 - 2 * BATCHES - BATCHES * pass.round - index);
    const drawn = pass.draws > 0 ? { [DRAW_KEY]: drawKey } : {};
    return executable.run({
      ...this.#model.inputs(batch),
      ...{ ...pass.guesses, ...drawn, key },
    });
  }

  /** Batches of one length have their graph in common. */
  async #executable(sequence: number, pass: AnyPass): Promise<Executable> {
    const { backend, state, initialize, recompute, keep } = this.#options;
    const name = [pass.dropout, pass.round, sequence].join(' ');
    const known = this.#compiled.get(name);
    if (known) return known;
    const { estimators, draws } = pass;
    const shape = this.#shape(sequence);
    const graph = traceProbe(this.#model, { shape, estimators, draws, recompute, keep });
    const executable = await backend.compile(graph, { state });
    this.#compiled.set(name, executable);
    if (!this.#isInitialized) await initialize();
    this.#isInitialized = true;
    return executable;
  }

  #shape(sequence: number) {
    return { batchSize: this.#size, sequence };
  }
}
