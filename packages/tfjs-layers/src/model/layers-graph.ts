import {
  add,
  type BuildOptions,
  type DeviceState,
  input,
  type Model,
  type ModelParameter,
  observe,
  type Shape,
  scale,
  trace,
  UsageError,
  type Value,
} from '@sketchgrad/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { LayerConfig, TfLayer } from '../layers/kind.js';
import type { ModelOutput } from '../losses/index.js';
import { followContainer, layersWithin } from './container.js';
import { indexInputs } from './index-inputs.js';
import { type LayersInput, sizesOf } from './inputs.js';
import { type ModelWeights, modelWeights } from './model-weights.js';
import { type LayersOutput, type Losses, type LossWeights, outputsOf } from './outputs.js';
import { layerTracer, type Told } from './trace-layer.js';
import { type ModelWeight, readWeights, writeWeights } from './weights.js';

/** The sizes of a step. */
export interface LayersShape {
  /** Examples in the batch. */
  readonly examples: number;
}

export interface LayersGraphOptions {
  /** What is minimised, by TensorFlow.js' names; that of `model.compile` unless given. */
  readonly loss?: Losses;
  /** What the outputs' losses are multiplied by; 1 each unless given. */
  readonly lossWeights?: LossWeights;
  /**
   * Whether a step in training lets its predictions be seen (core's `observe`), so that metrics are of them; false
   * unless given.
   */
  readonly observed?: boolean;
}

/**
 * A model of TensorFlow.js' layers as one that sketchgrad trains. It has the weights of the model that it was made
 * from: they are read at the start of a run, and `giveBack` writes them.
 */
export class LayersGraph implements Model<LayersShape> {
  readonly #model: LayersModel;
  readonly #weights: ModelWeights;
  readonly #isObserved: boolean;
  #beside: ReadonlyMap<string, Float32Array> = new Map();
  readonly inputs: readonly LayersInput[];
  readonly outputs: readonly LayersOutput[];
  readonly parameters: readonly ModelParameter[];
  readonly statistics: readonly { readonly name: string; readonly shape: Shape }[];

  /** @throws UsageError for a layer, a loss or a setting that is not supported, by its name */
  constructor(
    model: LayersModel,
    { loss, lossWeights, observed = false }: Omit<LayersGraphOptions, 'loss'> & { loss: unknown },
  ) {
    this.#model = model;
    this.#isObserved = observed;
    this.#weights = modelWeights(model);
    const indices = indexInputs(model);
    this.inputs = model.inputs.map(({ shape, id }, at) => ({
      name: `input${at}`,
      dtype: indices.has(id) ? 'i32' : 'f32',
      shape: sizesOf(`input ${at} of the model '${model.name}'`, shape),
      ...(indices.has(id) && { below: indices.get(id)! }),
    }));
    this.outputs = outputsOf(model, loss, lossWeights);
    const { trained, others } = this.#weights;
    this.parameters = trained.map(({ name, shape }) => ({ name, shape, decay: isDecayed(name) }));
    this.statistics = others.map(({ name, shape }) => ({ name, shape }));
  }

  /** The inputs' names in TensorFlow.js. */
  get inputNames(): readonly string[] {
    return this.#model.inputs.map(({ sourceLayer }) => sourceLayer.name);
  }

  /** What a resumed run is told apart by: the model's layers and their settings. */
  get config(): object {
    const layers = [...layersWithin(this.#model)].map(({ layer }) => ({
      class: layer.getClassName(),
      ...settingsOf(layer),
    }));
    const losses = this.outputs.map(({ loss, weight }) => ({ loss: loss.name, weight }));
    return { losses, layers };
  }

  /** The model's weights that are trained, in TensorFlow.js' order. */
  get trained(): readonly ModelWeight[] {
    return this.#weights.trained;
  }

  build(options: BuildOptions<LayersShape>): {
    readonly loss: Value;
    readonly [output: string]: Value;
  } {
    const { training, shape: sizes } = options;
    const declared = ({ name, shape, dtype }: LayersInput) =>
      input(name, [sizes.examples, ...shape], dtype);
    const told: Told = { scores: new Map(), penalties: [] };
    const apply = layerTracer(this.#weights, options, told);
    const values = followContainer(this.#model, this.inputs.map(declared), apply);
    const seen: Record<string, Value> = {};
    const losses = this.outputs.map(({ loss, weight, target, predictions, lossName }, at) => {
      const value = values[at]!;
      const own = loss.of({ value, ...withScores(told.scores.get(value)) }, declared(target));
      if (this.outputs.length > 1) seen[lossName] = own;
      if (!training || this.#isObserved) seen[predictions] = value;
      return weight === 1 ? own : scale(own, weight);
    });
    const loss = [...losses, ...told.penalties].reduce(add);
    if (!training) return { loss, ...seen };
    for (const [name, value] of Object.entries(seen)) observe(name, value);
    return { loss };
  }

  /** Has `initialize` write other tensors as well, by their names, into states that have them. */
  beginWith(tensors: ReadonlyMap<string, Float32Array>): void {
    this.#beside = tensors;
  }

  /** Writes the TensorFlow.js model's weights into a state. */
  async initialize(state: DeviceState): Promise<void> {
    const { trained, others } = this.#weights;
    await writeWeights([...trained, ...others], state);
    for (const [name, data] of this.#beside)
      if (state.tensors.has(name)) await state.write(name, data);
  }

  /** Writes a state's weights into the TensorFlow.js model. */
  giveBack(state: DeviceState): Promise<void> {
    const { trained, others } = this.#weights;
    return readWeights([...trained, ...others], state);
  }
}

/**
 * A TensorFlow.js model as a model that `train` of `@sketchgrad/train` takes, and all else that takes one.
 *
 * @throws UsageError for a layer, a loss or a setting that is not supported, by its name
 */
export function fromLayersModel(model: LayersModel, options: LayersGraphOptions = {}): LayersGraph {
  const { loss = model.loss } = options;
  if (loss === undefined || loss === null)
    throw new UsageError(
      "the model has no loss: compile it with one, or give its name, { loss: 'meanSquaredError' }",
    );
  const graph = new LayersGraph(model, { ...options, loss });
  // What cannot be trained is said now, not where the first step is traced.
  trace(() => graph.build({ shape: { examples: 2 }, training: true }));
  return graph;
}

const withScores = (scores: ModelOutput['scores']) => (scores ? { scores } : {});

/** As AdamW's weight decay has it: not biases and norms. */
const isDecayed = (name: string): boolean => /\/(kernel|embeddings)(\.\d+)?$/.test(name);

/** A layer's settings, but for how its weights are drawn at first. */
const settingsOf = (layer: TfLayer): LayerConfig =>
  Object.fromEntries(
    Object.entries(layer.getConfig()).filter(([name]) => !name.endsWith('Initializer')),
  );
