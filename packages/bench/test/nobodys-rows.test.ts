import { fileURLToPath } from 'node:url';
import {
  type GradientEstimator,
  KEY_INPUT,
  type KeepChoice,
  priorityInput,
  rankedLayers,
  SETTINGS_INPUT,
  type SentenceBatch,
  type TensorData,
} from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { EncoderClassifier } from '@sketchgrad/models';
import { loadClassifier, openCheckpoint } from '@sketchgrad/models/node';
import {
  ADAMW_DEFAULTS,
  adamwSettings,
  defaultCandidates,
  traceEvaluation,
  traceTrainingStep,
} from '@sketchgrad/train';
import { describe, expect, it } from 'vitest';

const ARCHITECTURES = ['bert', 'roberta', 'distilbert'] as const;

/** Three examples of 5, 2 and 6 tokens, a padding token among them, and six rows that are nobody's. */
const USED = 13;
const batch: SentenceBatch = {
  ...{ batchSize: 3, rows: 19, longest: 7, starts: Int32Array.of(0, 5, 7, USED) },
  tokenIds: Int32Array.of(14, 35, 29, 11, 10, 47, 45, 13, 22, 54, 21, 33, 1, 0, 0, 0, 0, 0, 0),
  tokenTypeIds: new Int32Array(19),
  attentionMask: Int32Array.from({ length: 19 }, (_, row) => Number(row < USED - 1)),
  labels: Int32Array.of(0, 2, 1),
};

/** A fixture's model with dropout, which a fixture cannot have. */
async function withDropout(architecture: (typeof ARCHITECTURES)[number]) {
  const path = new URL(`../../models/fixtures/${architecture}-classification`, import.meta.url);
  const folder = fileURLToPath(path);
  const { config } = await loadClassifier(folder);
  const rates = { hiddenDropout: 0.2, attentionDropout: 0.1, classifierDropout: 0.3 };
  return new EncoderClassifier(
    { ...config, ...rates },
    { name: folder, weights: () => openCheckpoint(folder) },
  );
}

/** A batch's inputs, with other ids from a row on that the model has rows of its tables for. */
function inputsOf(model: EncoderClassifier, otherFrom: number): Record<string, TensorData> {
  const { vocabularySize, typeVocabularySize, maxPositions } = model.config;
  const inputs = model.inputs(batch);
  const ids = {
    ...{ tokenIds: vocabularySize, tokenTypeIds: typeVocabularySize, positionIds: maxPositions },
  };
  const changed = Object.entries(ids).flatMap(([name, count]) => {
    const own = inputs[name];
    if (!own) return [];
    return [[name, own.map((id, row) => (row < otherFrom ? id : (id + 1 + row) % count))]];
  });
  return { ...inputs, ...Object.fromEntries(changed) };
}

interface StepOptions {
  readonly estimator?: GradientEstimator;
  readonly keep?: KeepChoice;
  readonly recompute?: 'none' | 'cheap' | 'block';
}

/** All that two steps and then an evaluation leave and give, by name. */
async function outcome(
  model: EncoderClassifier,
  otherFrom: number,
  options: StepOptions = {},
): Promise<Map<string, TensorData>> {
  const backend = createReferenceBackend();
  const state = backend.createState();
  const { batchSize, rows, longest } = batch;
  const shape = { batchSize, rows, longest };
  const graph = traceTrainingStep(model, { shape, everyLayer: true, ...options });
  const step = await backend.compile(graph, { state });
  await model.initialize(state, { seed: 0 });
  const inputs = inputsOf(model, otherFrom);
  // What the run knows of rows: of nobody's ones nothing.
  const priorities = Float32Array.from(batch.attentionMask, (mask, row) => mask * (1 + (row % 3)));
  for (const layer of rankedLayers(graph.inputs)) inputs[priorityInput(layer)] = priorities;
  const found = new Map<string, TensorData>();
  const add = (stage: string, outputs: Readonly<Record<string, TensorData>>) => {
    for (const [name, data] of Object.entries(outputs)) found.set(`${name} of ${stage}`, data);
  };
  for (let done = 0; done < 2; done++) {
    const settings = adamwSettings(ADAMW_DEFAULTS, { learningRate: 0.01, step: done });
    const ownInputs = { [KEY_INPUT]: Int32Array.of(5, done), [SETTINGS_INPUT]: settings };
    add(`step ${done}`, await step.run({ ...inputs, ...ownInputs }));
  }
  const evaluation = await backend.compile(traceEvaluation(model, shape), { state });
  add('evaluation', await evaluation.run(inputsOf(model, otherFrom)));
  for (const name of state.tensors.keys()) found.set(name, await state.read(name));
  await backend.dispose();
  return found;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: TensorData) =>
  Buffer.from(buffer, byteOffset, byteLength);

/** The names of what has other bits where ids from a row on are others. */
async function differing(model: EncoderClassifier, otherFrom: number, options?: StepOptions) {
  const [own, other] = [
    await outcome(model, batch.rows, options),
    await outcome(model, otherFrom, options),
  ];
  return [...own].flatMap(([name, data]) =>
    bytesOf(data).equals(bytesOf(other.get(name)!)) ? [] : [name],
  );
}

/** One candidate of each kind. */
const kinds = defaultCandidates().filter(({ name }, at, all) => {
  const kind = (of: string) => of.replace(/:[\d.]+/g, '');
  return all.findIndex((other) => kind(other.name) === kind(name)) === at;
});

describe.each(ARCHITECTURES)('in %s what nobody’s rows hold changes no bit', (architecture) => {
  const own =
    architecture === 'bert'
      ? kinds
      : kinds.filter(({ name }) => /^(dense|rmm:count|quantized)/.test(name));

  it.each(own)('of two steps and an evaluation, $name', async ({ estimator }) => {
    expect(await differing(await withDropout(architecture), USED, { estimator })).toEqual([]);
  });

  it.each<StepOptions>([
    { recompute: 'none' },
    { recompute: 'block' },
    { keep: { norm: 8, gelu: 3, attention: 8 } },
  ])('with %o', async (options) => {
    expect(await differing(await withDropout(architecture), USED, options)).toEqual([]);
  });
});

it('what the last tokens hold that are somebody’s changes nearly all', async () => {
  const found = await differing(await withDropout('bert'), USED - 2);
  expect(found).toContain('predictions of evaluation');
  expect(found).toContain('loss of step 0');
});
