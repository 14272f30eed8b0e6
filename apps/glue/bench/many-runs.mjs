// Whether runs of one process leave anything behind: the process's resident memory after the first
// 20 runs and after 1,000, each of `fineTune` on one CPU backend, one of four interrupted.
//   node --expose-gc bench/many-runs.mjs [runs: 1000]
import { loadBackend } from '@sketchgrad/core';
import { batchSource, encodeExamples, wordNetTask } from '@sketchgrad/datasets';
import { loadTokenizer, readWordNet } from '@sketchgrad/datasets/node';
import { EncoderClassifier } from '@sketchgrad/models';
import { loadClassifier } from '@sketchgrad/models/node';
import { fineTune, InterruptedError } from '@sketchgrad/train';

const FIRST = 20;
const runs = Number(process.argv[2] ?? 1000);
const minilm = await loadClassifier('minilm', { randomWeights: true, labels: wordNetTask.labels });
const sizes = { layers: 2, hiddenSize: 64, heads: 2, intermediateSize: 256 };
const model = new EncoderClassifier({ ...minilm.config, ...sizes }, { name: 'small' });
const { rows } = await readWordNet({ split: 'train', maxExamples: 16 });
const tokenizer = await loadTokenizer(minilm.tokenizerPath);
const data = batchSource(encodeExamples({ task: wordNetTask, rows }, tokenizer, { maxLength: 16 }));
const backend = await loadBackend('cpu', { threads: 2 });

async function run(index) {
  const controller = new AbortController();
  const stops = index % 4 === 3;
  const options = { backend, data, batchSize: 8, epochs: 1, signal: controller.signal };
  try {
    const onStep = () => stops && controller.abort();
    await (await fineTune(model, { ...options, onStep })).state.dispose();
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
  }
}

function resident(done) {
  globalThis.gc?.();
  console.log(
    `after ${done} runs: ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB resident`,
  );
}

for (let done = 0; done < runs; done++) {
  if (done === FIRST || (done > 0 && done % 250 === 0)) resident(done);
  await run(done);
}
resident(runs);
await backend.dispose();
