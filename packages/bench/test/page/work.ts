// What is done alike in Node and in a page, from bytes alone.

import {
  count,
  dct,
  dft,
  type Graph,
  gaussian,
  hadamard,
  input,
  loadBackend,
  newKey,
  rademacher,
  rmm,
  sentenceShape,
  trace,
} from '@sketchgrad/core';
import { parseTokenizer, tokenize } from '@sketchgrad/datasets';
import { type EncoderClassifier, parseClassifier } from '@sketchgrad/models';
import { CheckpointMemory, fineTune, type TrainingData } from '@sketchgrad/train';

/** What the files of a model hold. */
export interface ModelContents {
  readonly config: Uint8Array;
  readonly weights: Uint8Array | Blob;
  readonly tokenizer: Readonly<Record<string, Uint8Array>>;
}

const SENTENCES = ['A lovely film: warm, funny.', 'Ünaffordable 中文 [MASK] 😀 the plot'];
const LABELS = ['praise', 'complaint'];
const rows = SENTENCES.map((first, label) => ({ first, label }));

/** The tokens of some sentences, and what a model predicts of the first of them before it is trained. */
export async function predictionsOf(files: ModelContents) {
  const model = await parseClassifier(files, { labels: LABELS });
  const tokenizer = parseTokenizer(await model.tokenizerFiles());
  const batch = tokenize(rows, tokenizer, { maxLength: 16 }).batch([0]);
  const graph = trace(() => ({
    predictions: model.build({ shape: batch, training: false }).predictions,
  }));
  const { predictions } = await ran(graph, model, model.inputs(batch));
  const tokenIds = SENTENCES.map((each) => [...tokenizer.encode(each, undefined, 16).tokenIds]);
  return { tokenIds, predictions: [...predictions!] };
}

/**
 * A tiny BERT, whose layers keep sketches, trained for some steps, stopped in the midst of them and resumed
 * from its checkpoint: each step's loss, and what it predicts in the end.
 */
export async function tinyRun() {
  const config = {
    ...{ model_type: 'bert', vocab_size: 29, hidden_size: 16, num_hidden_layers: 2 },
    ...{ num_attention_heads: 2, intermediate_size: 24, max_position_embeddings: 16 },
    ...{ hidden_act: 'gelu', type_vocab_size: 2, pad_token_id: 0 },
  };
  const model = await parseClassifier(
    { config: JSON.stringify(config) },
    { labels: LABELS, randomWeights: true },
  );
  const losses: number[] = [];
  const stop = new AbortController();
  const store = new CheckpointMemory();
  const backend = await loadBackend('reference');
  const run = (signal?: AbortSignal) =>
    fineTune(model, {
      ...{ backend, data: tinyData, epochs: 3, batchSize: 3, learningRate: 0.01 },
      estimator: rmm({ sketch: gaussian(), rate: 0.25 }),
      evaluation: { data: tinyData, metrics: ['accuracy'] },
      checkpoint: { store },
      ...(signal ? { signal } : { resume: true }),
      onStep: ({ step, loss }) => {
        losses.push(loss);
        if (step === 3) stop.abort();
      },
    });
  try {
    const stopped = await run(stop.signal).then(String, String);
    const { predictions, metrics } = await run();
    return { losses, stopped, predictions, metrics };
  } finally {
    await backend.dispose();
  }
}

const TOKENS = 8;
const labels = Int32Array.of(0, 1, 1, 0, 1, 0);
const tinyData: TrainingData = {
  length: labels.length,
  labels,
  lengthOf: () => TOKENS,
  batch: (indices) => {
    const tokens = indices.flatMap((index) =>
      Array.from({ length: TOKENS }, (_, at) => (7 * at + 3 * index + 1) % 29),
    );
    return {
      ...sentenceShape(indices.length, TOKENS),
      starts: Int32Array.from({ length: indices.length + 1 }, (_, example) => example * TOKENS),
      tokenIds: Int32Array.from(tokens),
      tokenTypeIds: new Int32Array(tokens.length),
      attentionMask: Int32Array.from(tokens, (_, at) => Number(at % TOKENS < 6)),
      labels: Int32Array.from(indices, (index) => labels[index]!),
    };
  },
};

/** The entries of each sketch's S, as the bits that they are. */
export async function sketchBits(): Promise<Record<string, number[]>> {
  const size = 33;
  const sketches = { gaussian, rademacher, count, dct, dft, hadamard };
  const graph = trace(() => {
    const identity = input('identity', [size, size]);
    const key = input('key', [2], 'i32');
    const applied = Object.entries(sketches).map(([name, sketch]) => [
      name,
      sketch().apply(identity, newKey(key), 7),
    ]);
    return Object.fromEntries(applied);
  });
  const identity = Float32Array.from({ length: size * size }, (_, at) =>
    Number(at % (size + 1) === 0),
  );
  const drawn = await ran(graph, undefined, { identity, key: Int32Array.of(11, 3) });
  return Object.fromEntries(
    Object.entries(drawn).map(([name, values]) => [name, [...new Int32Array(values.buffer)]]),
  );
}

async function ran(
  graph: Graph,
  model: EncoderClassifier | undefined,
  inputs: Record<string, Float32Array | Int32Array>,
): Promise<Record<string, Float32Array>> {
  const backend = await loadBackend('reference');
  try {
    const state = backend.createState();
    const executable = await backend.compile(graph, { state });
    await model?.initialize(state, { seed: 0 });
    return (await executable.run(inputs)) as Record<string, Float32Array>;
  } finally {
    await backend.dispose();
  }
}
