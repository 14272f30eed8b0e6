import {
  type Backend,
  checkBackend,
  checkFlag,
  checkFunction,
  checkOptions,
  type DeviceState,
  elements,
  type GradientEstimator,
  type Graph,
  KEY_INPUT,
  type KeepChoice,
  type LayerEstimators,
  type Model,
  priorityInput,
  type RecomputeMode,
  rankedLayers,
  SETTINGS_INPUT,
  type TensorData,
  takesKey,
} from '@sketchgrad/core';
import {
  adamwOptions,
  adamwSettings,
  expectKeptRows,
  heldNames,
  traceTrainingStep,
  writeHeld,
} from '@sketchgrad/train';
import type { Contender, PreparedStep } from './measure-steps.js';

/** So small that no label spoils the weights, and a step's work is the same at any. */
const LEARNING_RATE = 1e-6;

/** What steps are of. */
export interface ModelStepsOptions<Sizes> {
  readonly shape: Sizes;
  /** The batch, as `inputs` of the model gives it. */
  readonly inputs: Readonly<Record<string, TensorData>>;
  /** Whether the batch is put on the device once, as a graph's is, in place of each step; false unless given. */
  readonly isHeld?: boolean;
  /** Draws what no file has, dropout and sketches; 0 unless given. */
  readonly seed?: number;
  /**
   * Guesses of the norms of rows' gradients for the layers that rank their rows, f32 [rows]; all alike
   * unless given.
   */
  readonly priorities?: (rows: number, index: number) => Float32Array;
}

/** What decides over a step, beside its sizes; each as usual unless given. */
export interface StepWay {
  readonly estimator?: GradientEstimator | LayerEstimators | undefined;
  readonly everyLayer?: boolean | undefined;
  readonly recompute?: RecomputeMode | undefined;
  readonly keep?: KeepChoice | undefined;
}

/** Training steps of a model on one batch, for `measureSteps`; those that are compared share the weights. */
export class ModelSteps<Sizes extends object> {
  readonly #model: Model<Sizes>;
  readonly #backend: Backend;
  readonly #options: ModelStepsOptions<Sizes>;
  #state: DeviceState | undefined;
  #hasWeights = false;

  /** @throws UsageError for what is no backend, or no such option */
  constructor(model: Model<Sizes>, backend: Backend, options: ModelStepsOptions<Sizes>) {
    checkBackend('backend', backend);
    checkOptions('ModelSteps', options, {
      ...{ shape: true, inputs: true, isHeld: checkFlag, seed: true, priorities: checkFunction },
    });
    this.#model = model;
    this.#backend = backend;
    this.#options = options;
  }

  /** The graph of a step. @param shape of another batch than the one that is measured */
  trace(way: StepWay, shape = this.#options.shape): Graph {
    const { isHeld, inputs } = this.#options;
    const { estimator, everyLayer, recompute, keep } = way;
    return traceTrainingStep(this.#model, {
      shape,
      everyLayer,
      ...(isHeld && { held: heldNames(Object.keys(inputs)) }),
      ...(estimator && { estimator }),
      ...(recompute && { recompute }),
      ...(keep && { keep }),
    });
  }

  /** Bytes that a step keeps with exact gradients in every layer, and all else alike; by plan. */
  keptWhenExact({ recompute, keep }: Pick<StepWay, 'recompute' | 'keep'>): number {
    return this.#backend.plan(this.trace({ recompute, keep })).keptBytes;
  }

  /** The step that is taken in this way. @throws UsageError where there is no such step */
  contender(name: string, way: StepWay): Contender {
    expectKeptRows(this.#model, way.estimator, [this.#options.shape]);
    const graph = this.trace(way);
    return { name, prepare: () => this.#prepare(graph) };
  }

  async #prepare(graph: Graph): Promise<PreparedStep> {
    const { inputs, isHeld = false, seed = 0 } = this.#options;
    const state = this.#state ?? this.#backend.createState();
    this.#state = state;
    const executable = await this.#backend.compile(graph, { state });
    if (!this.#hasWeights) {
      await this.#model.initialize(state, { seed });
      if (isHeld) await writeHeld(state, inputs);
      this.#hasWeights = true;
    }
    const given = { ...(isHeld ? {} : inputs), ...prioritiesOf(graph, this.#options) };
    const isDrawn = takesKey(graph.inputs);
    let step = 0;
    return {
      executable,
      run: async () => {
        const settings = adamwSettings(adamwOptions(), { learningRate: LEARNING_RATE, step });
        await executable.run({
          ...given,
          ...(isDrawn && { [KEY_INPUT]: Int32Array.of(seed, step) }),
          [SETTINGS_INPUT]: settings,
        });
        step++;
      },
      dispose: () => executable.dispose(),
    };
  }
}

const ALIKE = (rows: number) => new Float32Array(rows).fill(1);

function prioritiesOf(
  { inputs }: Graph,
  { priorities = ALIKE }: Pick<ModelStepsOptions<object>, 'priorities'>,
): Record<string, Float32Array> {
  const names = rankedLayers(inputs).map((layer) => priorityInput(layer));
  const rows = new Map(inputs.map(({ name, value }) => [name, elements(value)]));
  return Object.fromEntries(names.map((name, index) => [name, priorities(rows.get(name)!, index)]));
}
