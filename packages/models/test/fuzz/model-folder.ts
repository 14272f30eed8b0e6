import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Files, FuzzInput, FuzzReader } from '@sketchgrad/testing/fuzz';
import {
  ENCODER_ARCHITECTURES,
  EncoderClassifier,
  type LoadOptions,
  parseClassifier,
  parseConfig,
} from '../../src/index.js';
import { loadClassifier, openSafetensors, saveClassifier } from '../../src/node/index.js';
import { readAll, startingState } from '../classifier/memory-state.js';

const WEIGHTS = 'model.safetensors';
const CONFIG = 'config.json';

const bert = {
  architectures: ['BertForSequenceClassification'],
  model_type: 'bert',
  hidden_size: 4,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  intermediate_size: 6,
  vocab_size: 9,
  max_position_embeddings: 8,
  type_vocab_size: 2,
  layer_norm_eps: 1e-12,
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
  classifier_dropout: null,
  pad_token_id: 0,
  hidden_act: 'gelu',
  initializer_range: 0.02,
  id2label: { 0: 'neutral', 1: 'contradiction', 2: 'entailment' },
  label2id: { neutral: 0, contradiction: 1, entailment: 2 },
  problem_type: 'single_label_classification',
};

const { id2label, label2id, problem_type, ...unnamed } = bert;

const roberta = {
  ...unnamed,
  architectures: ['RobertaForSequenceClassification'],
  model_type: 'roberta',
  type_vocab_size: 1,
  pad_token_id: 1,
  hidden_act: 'gelu_python',
};

const distilbert = {
  architectures: ['DistilBertForSequenceClassification'],
  model_type: 'distilbert',
  dim: 4,
  n_layers: 2,
  n_heads: 2,
  hidden_dim: 6,
  vocab_size: 9,
  max_position_embeddings: 8,
  dropout: 0.1,
  attention_dropout: 0.1,
  seq_classif_dropout: 0.1,
  pad_token_id: 0,
  activation: 'gelu',
  num_labels: 2,
};

/** A folder with random weights. */
async function folderOf(config: object): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), 'sketchgrad-model-'));
  try {
    const model = new EncoderClassifier(parseConfig(CONFIG, config), { name: 'sample' });
    await saveClassifier(model, folder, await startingState(model, 1));
    return {
      [CONFIG]: Buffer.from(JSON.stringify(config, null, 1)),
      [WEIGHTS]: await readFile(join(folder, WEIGHTS)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Answer {
  readonly model: EncoderClassifier;
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

const withWeights = () => Promise.all([bert, roberta, distilbert].map(folderOf));

async function load(folder: string, options: LoadOptions): Promise<EncoderClassifier> {
  return loadClassifier(folder, { ...options, onWarning: () => {} });
}

const shared = {
  tokens: [
    ...Object.keys({ ...bert, ...distilbert }).map((name) => `"${name}": `),
    '"LABEL_0"',
    ...ENCODER_ARCHITECTURES.map((name) => `"${name}"`),
    '1000000',
    '16777216',
    '{"0": "a", "1": "b"}',
    'null',
  ],
};

/** Every size of a config.json that was read is the file's own, and that of the tensors. */
function checkConfig({ config, parameters }: EncoderClassifier, { files }: FuzzInput): void {
  const json = JSON.parse(Buffer.from(files[CONFIG]!).toString());
  const isDistilled = config.architecture === 'distilbert';
  const hiddenSize = isDistilled ? json.dim : json.hidden_size;
  const layerCount = isDistilled ? json.n_layers : json.num_hidden_layers;
  const dropout = isDistilled ? json.dropout : json.hidden_dropout_prob;
  assert.equal(config.hiddenSize, hiddenSize);
  assert.equal(config.layers, layerCount);
  assert.equal(config.heads, isDistilled ? json.n_heads : json.num_attention_heads);
  assert.equal(config.intermediateSize, isDistilled ? json.hidden_dim : json.intermediate_size);
  assert.equal(config.vocabularySize, json.vocab_size);
  assert.equal(config.maxPositions, json.max_position_embeddings ?? 512);
  assert.equal(config.hiddenDropout, dropout ?? 0.1);
  const names = json.id2label ? Object.values(json.id2label) : namesByLabel2id(json);
  if (names) assert.deepEqual(config.labels, names);
  else assert.equal(config.labels.length, json.num_labels ?? 2);
  const words = parameters.find(({ name }) => name.endsWith('word_embeddings.weight'))!;
  assert.deepEqual(words.shape, [json.vocab_size, hiddenSize]);
  const layers = parameters.filter(({ name }) => /\.(intermediate\.dense|lin1)\.bias$/.test(name));
  assert.equal(layers.length, layerCount);
}

/** Names in the order of their ids; undefined where these are not 0, 1, … or others are counted. */
function namesByLabel2id({ label2id, num_labels }: Record<string, unknown>): string[] | undefined {
  if (typeof label2id !== 'object' || label2id === null) return undefined;
  const entries = Object.entries(label2id).sort(([, a], [, b]) => a - b);
  if (entries.length === 0 || entries.length !== (num_labels ?? entries.length)) return undefined;
  return entries.every(([, id], at) => id === at) ? entries.map(([name]) => name) : undefined;
}

/** config.json beside weights, which bound what it may say, and alone, for random weights. */
export const config: FuzzReader<EncoderClassifier> = {
  name: 'config.json',
  samples: async () => [
    ...(await withWeights()),
    { [CONFIG]: Buffer.from(JSON.stringify(bert)) },
    { [CONFIG]: Buffer.from(JSON.stringify({ ...roberta, num_labels: 3 })) },
  ],
  changes: (path) => path === CONFIG,
  ...shared,
  read: ({ folder, files }) => load(folder, { randomWeights: files[WEIGHTS] === undefined }),
  check: checkConfig,
};

/** A model's folder of which either file is damaged, its weights read and put in a task's order. */
export const modelFolder: FuzzReader<Answer> = {
  name: 'model-folder',
  samples: withWeights,
  tokens: [
    ...shared.tokens,
    'module.',
    'model.',
    'bert.',
    'distil',
    'classifier.weight',
    'encoder.layer.999.',
    '"F64"',
    'LayerNorm.gamma',
  ],
  async read({ folder, files }) {
    const isNamed = Buffer.from(files[CONFIG]!).includes('entailment');
    const labels = ['entailment', 'neutral', 'contradiction'];
    const model = await load(folder, isNamed ? { labels } : {});
    return { model, weights: await readAll(await startingState(model)) };
  },
  async check({ model, weights }, input) {
    for (const [name, values] of Object.entries(weights))
      assert.ok(values.every(Number.isFinite), name);
    const isPlain = /^(distil)?bert$/.test(model.config.architecture);
    const layer = isPlain ? 'classifier' : 'classifier.out_proj';
    const store = await openSafetensors(join(input.folder, WEIGHTS));
    try {
      const stored = store.names.find((name) => name.endsWith(`${layer}.bias`));
      if (stored === undefined) return;
      const biases = [...(await store.readFloat32(stored))];
      const json = JSON.parse(Buffer.from(input.files[CONFIG]!).toString());
      const names = Object.values<string>(json.id2label ?? {});
      const isKnown = model.labels.every((label) => names.includes(label));
      const expected = isKnown ? model.labels.map((label) => biases[names.indexOf(label)]) : biases;
      assert.deepEqual(weights[`${layer}.bias`], expected);
    } finally {
      await store.close();
    }
  },
};

/** The same of the files' contents: what a folder answers, they answer. */
export const classifierFiles: FuzzReader<Answer> = {
  name: 'classifier-files',
  samples: withWeights,
  tokens: modelFolder.tokens!,
  async read({ files }) {
    const contents = { config: files[CONFIG]!, weights: new Blob([files[WEIGHTS]!]) };
    const model = await parseClassifier(contents, { onWarning: () => {} });
    return { model, weights: await readAll(await startingState(model)) };
  },
  async check({ model, weights }, { folder }) {
    const ofFolder = await load(folder, {});
    assert.deepEqual(model.config, ofFolder.config);
    assert.deepEqual(weights, await readAll(await startingState(ofFolder)));
  },
};
