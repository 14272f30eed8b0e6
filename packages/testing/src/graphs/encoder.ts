import {
  add,
  attention,
  attentionPooling,
  checkpoint,
  crossEntropy,
  dropout,
  type GradientEstimator,
  type Graph,
  gather,
  gelu,
  input,
  type Key,
  linear,
  newKey,
  type RecomputeMode,
  rebuildable,
  recompute,
  scale,
  scope,
  squaredNorm,
  type TensorData,
  tanh,
  trace,
  type Value,
  zeroRowsBehind,
} from '@sketchgrad/core';
import { between, indices, keyOf, maskOf, startsOf } from '../data.js';
import { FINISHES, type Finish, SETTINGS } from './finish.js';
import { initial, layerNorm, parameters, weights } from './parameters.js';

const FEATURES = 12;
const HEADS = 3;
const WORDS = 11;
const LAYERS = 2;
const CLASSES = 5;

/** What a training step of the small encoder is made of. */
export interface EncoderOptions {
  /** Packed sequences, of this many rows in the longest; there is room for as many rows in each. */
  readonly batch: number;
  readonly sequence: number;
  readonly estimator: GradientEstimator;
  /** What becomes of the gradients. */
  readonly finish: Finish;
  readonly recompute?: RecomputeMode;
}

/**
 * A training step of a two-layer encoder classifier with everything that real ones have: embeddings,
 * dropout from keys, attention within packed sequences and from the first token of each, LayerNorm,
 * GELU, a penalty on a weight that is used elsewhere too. Small and odd in every size.
 */
export function encoderStep(options: EncoderOptions): Graph {
  const { batch, sequence, estimator } = options;
  const graph = trace(() => {
    const tokenIds = input('tokenIds', [batch * sequence], 'i32');
    const starts = input('starts', [batch + 1], 'i32');
    const mask = input('mask', [batch * sequence], 'i32');
    const labels = input('labels', [batch], 'i32');
    const key = input('key', [2], 'i32');
    const all = parameters();
    const fresh = (): Key => newKey(key);

    let x = layerNorm(gather(all.weight('words', [WORDS, FEATURES]), tokenIds), all, 'embeddings');
    x = zeroRowsBehind(dropout(x, { rate: 0.1, key: fresh() }), starts);
    for (let layer = 0; layer < LAYERS; layer++)
      x = scope(`layer.${layer}`, () =>
        checkpoint(() =>
          encoderLayer(x, { starts, mask, longest: sequence, key, estimator, all, layer }),
        ),
      );
    const queries = linear(
      gather(x, starts, { count: batch }),
      ...weights(all, 'queries', FEATURES, FEATURES),
    );
    const keysValues = linear(x, ...weights(all, 'keysValues', FEATURES, 2 * FEATURES));
    const context = attentionPooling(queries, keysValues, starts, mask, {
      ...{ heads: HEADS, longest: sequence, rate: 0.1, key: fresh() },
    });
    const pooled = tanh(linear(context, ...weights(all, 'pooler', FEATURES, FEATURES)));
    const classifier = weights(all, 'classifier', FEATURES, CLASSES);
    const [cost] = crossEntropy(linear(pooled, ...classifier), labels);
    const loss = add(cost, scale(squaredNorm(classifier[0]), 1e-2));
    return { loss, ...FINISHES[options.finish](loss, all.list()) };
  });
  return recompute(graph, options.recompute ?? 'none');
}

interface LayerOptions {
  readonly starts: Value;
  readonly mask: Value;
  readonly longest: number;
  readonly key: Value;
  readonly estimator: GradientEstimator;
  readonly all: ReturnType<typeof parameters>;
  readonly layer: number;
}

/** x: f32 [batch · sequence, features] → the same. */
function encoderLayer(x: Value, options: LayerOptions): Value {
  const { starts, mask, longest, key, estimator, all, layer } = options;
  const name = `layer.${layer}`;
  const sketched = { estimator, key: { value: key, stream: 0 } };
  const projections = rebuildable(() =>
    linear(x, ...weights(all, `${name}.projections`, FEATURES, 3 * FEATURES), sketched),
  );
  const context = attention(projections, starts, mask, {
    ...{ heads: HEADS, longest, rate: 0.1, key: newKey(key) },
  });
  const mixed = linear(context, ...weights(all, `${name}.mixed`, FEATURES, FEATURES), sketched);
  const middle = layerNorm(
    add(x, dropout(mixed, { rate: 0.2, key: newKey(key) })),
    all,
    `${name}.first`,
  );
  const wide = gelu(
    linear(middle, ...weights(all, `${name}.wide`, FEATURES, 2 * FEATURES), sketched),
  );
  const narrow = linear(wide, ...weights(all, `${name}.narrow`, 2 * FEATURES, FEATURES), sketched);
  return layerNorm(
    add(middle, dropout(narrow, { rate: 0.2, key: newKey(key) })),
    all,
    `${name}.second`,
  );
}

/** Inputs of step `step` for a graph of {@link encoderStep}. */
export function encoderInputs(
  { batch, sequence, finish }: Pick<EncoderOptions, 'batch' | 'sequence' | 'finish'>,
  step: number,
): Record<string, TensorData> {
  const lengths = Array.from({ length: batch }, (_, b) => sequence - (b % sequence));
  const spare = batch * sequence - lengths.reduce((sum, length) => sum + length, 0);
  return {
    tokenIds: indices([batch * sequence], WORDS).draw(100 + step),
    starts: startsOf(lengths).draw(0),
    mask: maskOf(lengths, { spare, masked: 4 }).draw(0),
    labels: indices([batch], CLASSES).draw(200 + step),
    key: keyOf(1234, step).draw(0),
    ...(finish === 'adamw' || finish === 'clipped' ? { settings: SETTINGS(step) } : {}),
  };
}

/** Starting values of the parameters in a graph of {@link encoderStep}. */
export const encoderParameters = (graph: Graph): Record<string, Float32Array> =>
  Object.fromEntries(
    graph.persistents
      .filter(({ kind }) => kind === 'parameter')
      .map(({ name, value }, i) => [name, initial(name, between(value.shape, -0.5, 0.5), i)]),
  );
