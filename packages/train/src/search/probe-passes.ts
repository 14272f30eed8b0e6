import {
  type Backend,
  type DeviceState,
  type Executable,
  KEY_INPUT,
  type KeepChoice,
  type Moments,
  probedMoments,
  probeOutputs,
  type RecomputeMode,
  type TensorData,
  takesKey,
  UsageError,
} from '@sketchgrad/core';
import { InterruptedError } from '../errors.js';
import { heldBySteps } from '../jobs/jobs.js';
import { nextTurn } from '../jobs/next-turn.js';
import type { ProbeBatches, StepBatch, StepSource } from '../source/step-source.js';
import { writeHeld } from '../step/held-inputs.js';
import { layersOf } from '../step/layers-of.js';
import { DRAW_KEY, type LayerEstimatorsOf, traceProbe } from './trace-probe.js';

/** Examples of each batch, at most: rates are shares, so that a smaller batch tells what a larger one does. */
const EXAMPLES = 16;
/** The most batches that are looked at; keys of their passes are told apart by it. */
const MOST_BATCHES = 2;

/** What passes are made with. */
export interface PassOptions {
  readonly backend: Backend;
  /** A state of the backend; `initialize` fills it once its tensors are allocated. */
  readonly state: DeviceState;
  readonly initialize: () => Promise<void>;
  readonly seed: number;
  readonly recompute: RecomputeMode;
  readonly keep?: KeepChoice | undefined;
  /** Names of the layers that have exact gradients whatever the candidates would add. */
  readonly free: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
}

interface CompiledPass {
  readonly executable: Executable;
  /** Whether anything is drawn from the step's own key. */
  readonly isDrawn: boolean;
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
 * Passes over the first batches of the first epoch (of sentences, at most 16 examples) at the weights
 * that training starts from, which update nothing.
 */
export class ProbePasses<Sizes extends object> {
  readonly #source: StepSource<Sizes>;
  readonly #options: PassOptions;
  readonly #probes: ProbeBatches<Sizes>;
  readonly #compiled = new Map<string, CompiledPass>();
  #isInitialized = false;

  constructor(source: StepSource<Sizes>, options: PassOptions) {
    this.#source = source;
    this.#options = options;
    this.#probes = source.probes?.(EXAMPLES) ?? { count: 1, batch: () => firstBatch(source) };
  }

  /** How many batches there are. */
  get batches(): number {
    return Math.min(MOST_BATCHES, this.#probes.count);
  }

  /** How many examples the source has, of which batches have rows. */
  get examples(): number {
    return this.#source.examples ?? 0;
  }

  async batch(index: number) {
    const batch = await this.#probes.batch(index);
    return { batch, layers: layersOf(this.#source.model, batch.shape) };
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
    const { layers } = await this.batch(index);
    const inputs = new Map(layers.map((layer) => [layer.name, layer.inputs]));
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
    for (const { executable } of this.#compiled.values()) await executable.dispose();
    this.#compiled.clear();
  }

  async #outputs(index: number, pass: AnyPass): Promise<Record<string, TensorData>> {
    const { seed, signal } = this.#options;
    if (signal?.aborted)
      throw new InterruptedError('interrupted while estimators were chosen: nothing is saved');
    await nextTurn();
    const { batch } = await this.batch(index);
    const { executable, isDrawn } = await this.#compile(batch.shape, pass);
    // Below those of training, which count up from 0, and of starting weights, −1.
    const key = Int32Array.of(seed, -2 - 2 * index - pass.dropout);
    const drawKey = Int32Array.of(seed, -2 - 2 * MOST_BATCHES - MOST_BATCHES * pass.round - index);
    const drawn = pass.draws > 0 ? { [DRAW_KEY]: drawKey } : {};
    return executable.run({
      ...{ ...batch.inputs, ...pass.guesses, ...drawn },
      ...(isDrawn ? { [KEY_INPUT]: key } : {}),
    });
  }

  /** Batches of equal sizes have their graph in common. */
  async #compile(shape: Sizes, pass: AnyPass): Promise<CompiledPass> {
    const { backend, state, initialize, recompute, keep } = this.#options;
    const name = [pass.dropout, pass.round, JSON.stringify(shape)].join(' ');
    const known = this.#compiled.get(name);
    if (known) return known;
    const { estimators, draws } = pass;
    const held = heldBySteps(this.#source);
    const graph = traceProbe(this.#source.model, {
      ...{ shape, held, estimators, draws, recompute, keep },
    });
    const executable = await backend.compile(graph, { state });
    const isDrawn = takesKey(graph.inputs);
    const compiled = { executable, isDrawn };
    this.#compiled.set(name, compiled);
    if (!this.#isInitialized) {
      await initialize();
      await writeHeld(state, this.#source.held ?? {});
    }
    this.#isInitialized = true;
    return compiled;
  }
}

/** @throws UsageError of a source without updates */
async function firstBatch<Sizes extends object>(
  source: StepSource<Sizes>,
): Promise<StepBatch<Sizes>> {
  for await (const { batches } of source.updates(0)) return batches[0]!();
  throw new UsageError('the first epoch of the source has no updates; it needs at least one');
}
