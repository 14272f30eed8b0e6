// What is done alike in Node and in a page, from bytes alone.

import {
  add,
  backward,
  count,
  dct,
  dft,
  type Graph,
  gaussian,
  hadamard,
  input,
  loadBackend,
  newKey,
  parameter,
  rademacher,
  rmm,
  squaredNorm,
  trace,
  type Value,
} from '@sketchgrad/core';
import { parseTokenizer, tokenize } from '@sketchgrad/datasets';
import { type EncoderClassifier, parseClassifier } from '@sketchgrad/models';

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

/** A training step of a tiny BERT whose layers keep sketches: its loss, and its gradients' squared norm. */
export async function tinyStep() {
  const config = {
    ...{ model_type: 'bert', vocab_size: 29, hidden_size: 16, num_hidden_layers: 2 },
    ...{ num_attention_heads: 2, intermediate_size: 24, max_position_embeddings: 16 },
    ...{ hidden_act: 'gelu', type_vocab_size: 2, pad_token_id: 0 },
  };
  const options = { labels: LABELS, randomWeights: true };
  const model = await parseClassifier({ config: JSON.stringify(config) }, options);
  const shape = { batchSize: 3, sequence: 8 };
  const estimator = rmm({ sketch: gaussian(), rate: 0.25 });
  const graph = trace(() => {
    const { loss } = model.build({ shape, training: true, estimator });
    const values = model.parameters.map(({ name, shape }) => parameter(name, shape));
    const norms: Value[] = [];
    backward(loss, values, (_, gradient) => void norms.push(squaredNorm(gradient)));
    return { loss, gradients: norms.reduce((sum, norm) => add(sum, norm)) };
  });
  const size = shape.batchSize * shape.sequence;
  const { loss, gradients } = await ran(graph, model, {
    ...model.inputs({
      ...shape,
      tokenIds: Int32Array.from({ length: size }, (_, at) => (7 * at + 3) % 29),
      tokenTypeIds: new Int32Array(size),
      attentionMask: Int32Array.from({ length: size }, (_, at) => Number(at % 8 < 6)),
      labels: Int32Array.of(0, 1, 1),
    }),
    key: Int32Array.of(5, 0),
  });
  return { loss: loss![0]!, gradients: gradients![0]! };
}

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
