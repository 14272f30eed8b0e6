import {
  type BuildOptions,
  constant,
  convolution,
  dense,
  dropout,
  elements,
  estimatorOf,
  input,
  KEY_INPUT,
  type KeepOptions,
  type LinearLayer,
  linear,
  newKey,
  parameter,
  persistent,
  type Value,
} from '@sketchgrad/core';
import type { LayerConfig, LayerContext } from '../layers/kind.js';
import type { ModelOutput } from '../losses/index.js';
import type { ApplyLayer } from './container.js';
import type { LayersShape } from './layers-graph.js';
import type { ModelWeights } from './model-weights.js';
import { penaltyOf, regularizersOf } from './regularizers.js';
import { supportedLayer } from './supported-layer.js';

/** Of which scores probabilities were taken, by the probabilities. */
export type Scores = Map<Value, NonNullable<ModelOutput['scores']>>;

/** What layers tell beside their outputs. */
export interface Told {
  /** What a softmax or a sigmoid was taken of. */
  readonly scores: Scores;
  /** What regularizers add to the loss of a training step, f32 [] each. */
  readonly penalties: Value[];
}

/** Traces a model's layers, one after the other. */
export function layerTracer(
  { of, trained }: ModelWeights,
  { training, shape: { examples }, estimator = dense() }: BuildOptions<LayersShape>,
  { scores, penalties }: Told,
): ApplyLayer {
  const key = training ? input(KEY_INPUT, [2], 'i32') : undefined;
  const chosen = training ? estimator : dense();
  const isTrained = new Set(trained);
  const uses = new Map<string, number>();
  /** A layer that is used again keeps another input, by another name; so does one of the same name. */
  const ofThisUse = (layer: LinearLayer): LinearLayer => {
    const use = (uses.get(layer.name) ?? 0) + 1;
    uses.set(layer.name, use);
    return use === 1 ? layer : { ...layer, name: `${layer.name}#${use}` };
  };
  /** How a layer keeps its input, of which each example has as many rows. */
  const keptAs = (given: LinearLayer): KeepOptions => {
    const layer = ofThisUse(given);
    const { name, rows } = layer;
    const starts = rows === examples ? {} : { starts: startsOf(rows, examples) };
    const estimator = estimatorOf(chosen, { ...layer, ...starts });
    return { estimator, name, ...(estimator.random && key ? { key: newKey(key) } : {}) };
  };
  return (layer, inputs) => {
    const weights = of.get(layer)!;
    const { name } = layer;
    const context: LayerContext = {
      ...{ training, name, config: layer.getConfig() as LayerConfig },
      has: (own) => weights.has(own),
      weight: (own) => {
        const weight = weights.get(own)!;
        return isTrained.has(weight)
          ? parameter(weight.name, weight.shape)
          : persistent(weight.name, weight.shape, 'statistic');
      },
      dropout: (x, rate) => (key ? dropout(x, { rate, key: newKey(key) }) : x),
      linear: (x, weight, bias) => {
        const [rows, inputs] = x.shape as [number, number];
        const outputs = weight.shape[0]!;
        return linear(x, weight, bias, keptAs({ name, rows, inputs, outputs }));
      },
      convolution: (x, weight, bias, window) => {
        const channels = x.shape[3]!;
        // As over pixels it is: each has the cotangents of all the places whose windows have it.
        const of = { rows: elements(x) / channels, inputs: channels };
        const outputs = weight.shape[0]! * (weight.shape[1]! / channels);
        return convolution(x, weight, bias, { ...window, ...keptAs({ name, ...of, outputs }) });
      },
      scored: (probabilities, by, value) => {
        scores.set(probabilities, { by, value });
        return probabilities;
      },
    };
    for (const each of training ? regularizersOf(name, context.config) : []) {
      const penalty = context.has(each.weight) && penaltyOf(each, context.weight(each.weight));
      if (penalty) penalties.push(penalty);
    }
    return supportedLayer(layer).trace(inputs, context);
  };
}

/** Where the rows of each example begin: of all alike. */
const startsOf = (rows: number, examples: number): Value =>
  constant(Int32Array.from({ length: examples + 1 }, (_, at) => (at * rows) / examples));
