import {
  add,
  type BuildOptions,
  type DeviceState,
  type DType,
  describeValue,
  input,
  type Model,
  type ModelParameter,
  type Shape,
  trace,
  UsageError,
  type Value,
} from '@sketchgrad/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { LayerConfig, TfLayer } from '../layers/kind.js';
import { type Loss, lossOf, type ModelOutput } from '../losses/index.js';
import { followContainer, layersWithin } from './container.js';
import { indexInputs } from './index-inputs.js';
import { type ModelWeights, modelWeights } from './model-weights.js';
import { layerTracer, type Told } from './trace-layer.js';
import { type ModelWeight, readWeights, writeWeights } from './weights.js';

/** The sizes of a step. */
export interface LayersShape {
  /** Examples in the batch. */
  readonly examples: number;
}

/** An input of the graph, or its target. */
export interface LayersInput {
  readonly name: string;
  readonly dtype: DType;
  /** Of one example. */
  readonly shape: Shape;
}

/** What the graph calls the targets of a batch. */
export const TARGETS = 'targets';

/** What the graph calls a model's output. */
export const PREDICTIONS = 'predictions';

export interface LayersGraphOptions {
  /** What is minimised, by TensorFlow.js' name; that of `model.compile` unless given. */
  readonly loss?: string;
}

/**
 * A model of TensorFlow.js' layers as one that sketchgrad trains. It has the weights of the model that it was made
 * from: they are read at the start of a run, and `giveBack` writes them.
 */
export class LayersGraph implements Model<LayersShape> {
  readonly #model: LayersModel;
  readonly #weights: ModelWeights;
  readonly loss: Loss;
  readonly inputs: readonly LayersInput[];
  readonly target: LayersInput;
  readonly parameters: readonly ModelParameter[];
  readonly statistics: readonly { readonly name: string; readonly shape: Shape }[];

  /** @throws UsageError for a layer, a loss or a setting that is not supported, by its name */
  constructor(model: LayersModel, loss: Loss) {
    this.#model = model;
    this.loss = loss;
    if (model.outputs.length !== 1)
      throw new UsageError(
        `the model '${model.name}' has ${model.outputs.length} outputs; supported is one`,
      );
    this.#weights = modelWeights(model);
    const indices = indexInputs(model);
    this.inputs = model.inputs.map(({ shape, id }, at) => ({
      name: `input${at}`,
      dtype: indices.has(id) ? 'i32' : 'f32',
      shape: sizesOf(`input ${at} of the model '${model.name}'`, shape),
    }));
    const output = sizesOf(`the output of the model '${model.name}'`, model.outputs[0]!.shape);
    this.target =
      loss.targets === 'classes'
        ? { name: TARGETS, dtype: 'i32', shape: output.slice(0, -1) }
        : { name: TARGETS, dtype: 'f32', shape: output };
    const { trained, others } = this.#weights;
    this.parameters = trained.map(({ name, shape }) => ({ name, shape, decay: isDecayed(name) }));
    this.statistics = others.map(({ name, shape }) => ({ name, shape }));
  }

  /** What a resumed run is told apart by: the model's layers and their settings. */
  get config(): object {
    const layers = [...layersWithin(this.#model)].map(({ layer }) => ({
      class: layer.getClassName(),
      ...settingsOf(layer),
    }));
    return { loss: this.loss.name, layers };
  }

  /** The model's weights that are trained, in TensorFlow.js' order. */
  get trained(): readonly ModelWeight[] {
    return this.#weights.trained;
  }

  build(options: BuildOptions<LayersShape>): { readonly loss: Value; readonly predictions: Value } {
    const { examples } = options.shape;
    const told: Told = { scores: new Map(), penalties: [] };
    const apply = layerTracer(this.#weights, options, told);
    const given = this.inputs.map(({ name, shape, dtype }) =>
      input(name, [examples, ...shape], dtype),
    );
    const [value] = followContainer(this.#model, given, apply) as [Value];
    const { name, shape, dtype } = this.target;
    const targets = input(name, [examples, ...shape], dtype);
    const own = this.loss.of({ value, ...withScores(told.scores.get(value)) }, targets);
    const loss = told.penalties.reduce(add, own);
    return { loss, [PREDICTIONS]: value };
  }

  /** Writes the TensorFlow.js model's weights into a state. */
  initialize(state: DeviceState): Promise<void> {
    const { trained, others } = this.#weights;
    return writeWeights([...trained, ...others], state);
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
  const graph = new LayersGraph(model, lossOf(loss));
  // What cannot be trained is said now, not where the first step is traced.
  trace(() => graph.build({ shape: { examples: 2 }, training: true }));
  return graph;
}

const withScores = (scores: ModelOutput['scores']) => (scores ? { scores } : {});

/** As AdamW's weight decay has it: not biases and norms. */
const isDecayed = (name: string): boolean => /\/(kernel|embeddings)(\.\d+)?$/.test(name);

/** Sizes of one example. @throws UsageError where one is open */
function sizesOf(what: string, shape: readonly (number | null)[]): Shape {
  const sizes = shape.slice(1);
  if (sizes.some((size) => size === null))
    throw new UsageError(
      `${what} has the shape ${describeValue(shape)}; all sizes but the batch's must be known`,
    );
  return sizes as number[];
}

/** A layer's settings, but for how its weights are drawn at first. */
const settingsOf = (layer: TfLayer): LayerConfig =>
  Object.fromEntries(
    Object.entries(layer.getConfig()).filter(([name]) => !name.endsWith('Initializer')),
  );
