import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type Backend,
  backward,
  type GradientEstimator,
  type Graph,
  type LayerEstimators,
  parameter,
  type RecomputeMode,
  recompute,
  type SentenceBatch,
  type SentenceShape,
  trace,
  type Value,
} from '@sketchgrad/core';
import { architectureOf } from '../../src/architectures/table.js';
import { fileTensors } from '../../src/classifier/tensor-names.js';
import { ENCODER_ARCHITECTURES, type EncoderClassifier, type LastLayer } from '../../src/index.js';
import { loadClassifier, openSafetensors } from '../../src/node/index.js';

/** Small models whose logits, loss and gradients transformers computed, in f64. */
export type TransformersFixture = `${string}-${'classification' | 'regression'}`;
export const TRANSFORMERS_FIXTURES: readonly TransformersFixture[] = ENCODER_ARCHITECTURES.flatMap(
  (name) => [`${name}-classification` as const, `${name}-regression` as const],
);

export const fixtureFolder = (name: TransformersFixture): string =>
  fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

interface Example {
  readonly inputIds: readonly (readonly number[])[];
  readonly attentionMask: readonly (readonly number[])[];
  readonly tokenTypeIds: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly logits: readonly (readonly number[])[];
  readonly loss: number;
}

/**
 * How a fixture's padded batch is laid out: its tokens alone, with two rows that are nobody's behind them, or
 * with its padding as tokens that are not attended to.
 */
export type Layout = 'packed' | 'padded';

/** A fixture's batch, with what transformers makes of it. */
export function readExample(
  name: TransformersFixture,
  layout: Layout = 'packed',
): {
  batch: SentenceBatch;
  logits: readonly number[];
  loss: number;
} {
  const example: Example = JSON.parse(readFileSync(`${fixtureFolder(name)}/example.json`, 'utf8'));
  const batchSize = example.inputIds.length;
  const longest = example.inputIds[0]!.length;
  const lengths = example.attentionMask.map((mask) =>
    layout === 'padded' ? longest : mask.lastIndexOf(1) + 1,
  );
  const starts = new Int32Array(batchSize + 1);
  for (const [index, length] of lengths.entries()) starts[index + 1] = starts[index]! + length;
  const rows = starts[batchSize]! + (layout === 'packed' ? 2 : 0);
  const laidOut = (numbers: readonly (readonly number[])[]) => {
    const all = new Int32Array(rows);
    for (const [index, row] of numbers.entries())
      all.set(row.slice(0, lengths[index]), starts[index]);
    return all;
  };
  const batch = {
    ...{ batchSize, rows, longest, starts },
    tokenIds: laidOut(example.inputIds),
    tokenTypeIds: laidOut(example.tokenTypeIds),
    attentionMask: laidOut(example.attentionMask),
    labels: name.endsWith('regression')
      ? Float32Array.from(example.labels)
      : Int32Array.from(example.labels),
  };
  return { batch, logits: example.logits.flat(), loss: example.loss };
}

/** A training pass that returns the loss, the logits and, by its parameter's name, each gradient. */
export function traceGradients(
  model: EncoderClassifier,
  { batchSize, rows, longest }: SentenceShape,
  {
    estimator,
    mode = 'cheap',
  }: { estimator?: GradientEstimator | LayerEstimators; mode?: RecomputeMode } = {},
): Graph {
  const graph = trace(() => {
    const { loss, predictions } = model.build({
      shape: { batchSize, rows, longest },
      training: true,
      ...(estimator ? { estimator } : {}),
    });
    const outputs: Record<string, Value> = { loss, predictions };
    const parameters = model.parameters.map(({ name, shape: own }) => parameter(name, own));
    backward(loss, parameters, (value, gradient) => {
      outputs[String(value.node.attributes.name)] = gradient;
    });
    return outputs;
  });
  return recompute(graph, mode);
}

/** Runs a graph of {@link traceGradients} once on a model's starting weights. */
export async function runOnce(
  model: EncoderClassifier,
  graph: Graph,
  batch: SentenceBatch,
  backend: Backend,
  { seed = 0, step = 0 } = {},
): Promise<Record<string, ArrayLike<number>>> {
  const state = backend.createState();
  const executable = await backend.compile(graph, { state });
  await model.initialize(state, { seed });
  const outputs = await executable.run({ ...model.inputs(batch), key: Int32Array.of(seed, step) });
  await executable.dispose();
  return outputs;
}

/** ‖actual − expected‖ / ‖expected‖. */
function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} numbers, ${expected.length} expected`);
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    norm += expected[i]! ** 2;
  }
  return Math.sqrt(difference / norm);
}

/**
 * Runs a fixture on a backend and gives the relative difference from transformers, by norm, of the
 * loss, the logits (`predictions`) and each parameter's gradient. Query, key and value, or key and
 * value, count as the one parameter that they are here: a key's bias cancels in the softmax, so its own
 * gradient is nothing but rounding.
 */
export async function differencesFromTransformers(
  name: TransformersFixture,
  backend: Backend,
  {
    layout,
    lastLayer = 'first',
    ...options
  }: Parameters<typeof traceGradients>[2] & {
    readonly layout?: Layout;
    readonly lastLayer?: LastLayer;
  } = {},
): Promise<ReadonlyMap<string, number>> {
  const model = await loadClassifier(fixtureFolder(name), { lastLayer });
  const { batch, logits, loss } = readExample(name, layout);
  const actual = await runOnce(model, traceGradients(model, batch, options), batch, backend);
  const expected = new Map<string, ArrayLike<number>>([
    ['loss', [loss]],
    ['predictions', logits],
  ]);
  const gradients = await openSafetensors(`${fixtureFolder(name)}/gradients.safetensors`);
  for (const parameter of model.parameters) {
    const parts: number[] = [];
    for (const tensor of fileTensors(parameter, architectureOf(model.config).tensors))
      parts.push(...(await gradients.readFloat32(tensor.name)));
    expected.set(parameter.name, parts);
  }
  await gradients.close();
  return new Map(
    [...expected].map(([key, values]) => [key, relativeDifference(actual[key]!, values)]),
  );
}
