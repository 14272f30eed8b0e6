// The same encoder's training step and products of matrices on backend-webgpu, and whichever ways are named:
//
//     node tools/peers/webgpu/sketchgrad.mjs WAYS TIMES
//
// WAYS are `dense`, `count` (sketches at rate 0.1) and `bits` (codes of 3 bits, and few bits between the linear
// layers), with commas; they take turns. Here embeddings are looked up and learned too, and dropout is off, as in the peers.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../command.mjs';
import './gpu.mjs';
import { ENCODER, numbers, PRODUCTS } from './sizes.mjs';
import { print, secondsOf } from './timed.mjs';

const built = (/** @type {string} */ path) =>
  import(pathToFileURL(join(root, 'packages', path)).href);
const core = await built('core/dist/index.js');
const { createBackend } = await built('backend-webgpu/dist/index.js');
const { loadClassifier } = await built('models/dist/node.js');
const { adamwSettings, ADAMW_DEFAULTS, traceTrainingStep } = await built('train/dist/index.js');

const [ways = 'dense', times = '3'] = process.argv.slice(2);
/** @type {Record<string, object>} */
const WAYS = {
  dense: {},
  count: { estimator: core.rmm({ sketch: core.count(), rate: 0.1 }), everyLayer: true },
  bits: {
    estimator: core.quantized({ bits: 3 }),
    keep: { gelu: 3, norm: 8, attention: 8 },
  },
};

const { layers, width, heads, inner, labels, batch, length, vocabulary, epsilon, rate } = ENCODER;
const config = {
  ...{ model_type: 'bert', architectures: ['BertForSequenceClassification'], hidden_act: 'gelu' },
  ...{ hidden_size: width, intermediate_size: inner, num_attention_heads: heads },
  ...{ num_hidden_layers: layers, vocab_size: vocabulary, max_position_embeddings: length },
  ...{ type_vocab_size: 2, pad_token_id: 0, layer_norm_eps: epsilon, initializer_range: 0.02 },
  ...{ hidden_dropout_prob: 0, attention_probs_dropout_prob: 0, classifier_dropout: 0 },
};

const folder = mkdtempSync(join(tmpdir(), 'sketchgrad-encoder-'));
writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
const model = await loadClassifier(folder, {
  ...{ labels: Array.from({ length: labels }, (_, label) => `label ${label}`) },
  ...{ randomWeights: true, lastLayer: 'all' },
});
rmSync(folder, { recursive: true });

const rows = batch * length;
const backend = await createBackend();
const sentences = {
  ...{ batchSize: batch, rows, longest: length },
  starts: Int32Array.from({ length: batch + 1 }, (_, i) => i * length),
  tokenIds: Int32Array.from({ length: rows }, (_, i) => 1 + ((i * 7919) % (vocabulary - 1))),
  tokenTypeIds: new Int32Array(rows),
  attentionMask: new Int32Array(rows).fill(1),
  labels: Int32Array.from({ length: batch }, (_, i) => i % labels),
};
/** @type {Record<string, number[]>} */
const found = {};
const steps = [];
for (const way of ways.split(',')) {
  const graph = traceTrainingStep(model, {
    ...{ shape: { batchSize: batch, rows, longest: length } },
    ...WAYS[way],
  });
  const state = backend.createState();
  const executable = await backend.compile(graph, { state });
  await model.initialize(state, { seed: 0 });
  console.error(
    `${way}: peak ${executable.plan.peakBytes} bytes, kept ${executable.plan.keptBytes}`,
  );
  let done = 0;
  steps.push(async () => {
    const settings = adamwSettings(ADAMW_DEFAULTS, { learningRate: rate, step: ++done });
    const inputs = { ...model.inputs(sentences), key: Int32Array.of(0, done), settings };
    const seconds = await secondsOf(1, () => executable.run(inputs, { read: ['loss'] }));
    const name = way === 'dense' ? 'step' : way;
    found[name] = [...(found[name] ?? []), ...seconds];
  });
}
for (let i = 0; i < Number(times); i++) for (const step of steps) await step();
for (const n of PRODUCTS) {
  const graph = core.trace(() => ({
    product: core.matmul(core.input('a', [n, n]), core.input('b', [n, n])),
  }));
  const executable = await backend.compile(graph, { state: backend.createState() });
  const [a, b] = [2, 3].map((each) => numbers(n * n, 1, each));
  found[`product ${n}`] = await secondsOf(Number(times), () => executable.run({ a, b }));
}
await backend.dispose();
print(found);
