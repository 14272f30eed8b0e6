// What a budget's search takes beside eight steps of the same batch:
//   node bench/budget-search.mjs [batch sizes: 8,32] [rounds: 3] [layers and width: 6x384]
// MiniLM, or an encoder of another size under its names, on 240 glosses of 32 tokens with 2 threads. Searches and dense steps take turns, so that
// whatever else the machine does meets both alike. A search is all that a run does until its choice is
// told, with its weights in place; steps are timed behind the first, which is compiled.
import { spread } from '@sketchgrad/bench';
import { loadBackend } from '@sketchgrad/core';
import { batchSource, encodeExamples, wordNetTask } from '@sketchgrad/datasets';
import { loadTokenizer, readWordNet } from '@sketchgrad/datasets/node';
import { EncoderClassifier } from '@sketchgrad/models';
import { loadClassifier } from '@sketchgrad/models/node';
import {
  defaultCandidates,
  fineTune,
  InterruptedError,
  traceTrainingStep,
} from '@sketchgrad/train';

const STEPS = 8;
/** How far a budget is from the least that can be kept to what dense layers keep. */
const SHARES = [0.5, 0.02];
const SEQUENCE = 32;
const batchSizes = (process.argv[2] ?? '8,32').split(',').map(Number);
const rounds = Number(process.argv[3] ?? 3);

const [layers, width] = (process.argv[4] ?? '6x384').split('x').map(Number);

const minilm = await loadClassifier('minilm', { randomWeights: true, labels: wordNetTask.labels });
const { tokenizerPath } = minilm;
const sizes = { layers, hiddenSize: width, heads: width / 32, intermediateSize: 4 * width };
const model = new EncoderClassifier(
  { ...minilm.config, ...sizes },
  { name: `${layers} layers of ${width}` },
);
const tokenizer = await loadTokenizer(tokenizerPath);
const { rows } = await readWordNet({ split: 'train', maxExamples: 240 });
const encoded = encodeExamples({ task: wordNetTask, rows }, tokenizer, { maxLength: SEQUENCE });
const data = batchSource(encoded, { buckets: [SEQUENCE] });
const backend = await loadBackend('cpu', { threads: 2 });
const state = await startingState();

/** The model's starting weights: drawing them is no part of a search. */
async function startingState() {
  const weights = backend.createState();
  const shape = { batchSize: 1, sequence: SEQUENCE };
  const executable = await backend.compile(traceTrainingStep(model, { shape }), { state: weights });
  await model.initialize(weights, { seed: 0 });
  await executable.dispose();
  return weights;
}

/** Runs until one of its callbacks, made of `stop`, has stopped it. */
async function untilStopped(batchSize, callbacks) {
  const controller = new AbortController();
  const options = callbacks(() => controller.abort());
  const { signal } = controller;
  try {
    await fineTune(model, {
      backend,
      state,
      data,
      batchSize,
      epochs: STEPS + 1,
      ...options,
      signal,
    });
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
  }
}

/** Median seconds of a dense step. */
async function denseStep(batchSize) {
  const times = [];
  await untilStopped(batchSize, (stop) => ({
    onStep: ({ step }) => {
      times.push(performance.now());
      if (step === STEPS + 1) stop();
    },
  }));
  return spread(times.slice(1).map((time, i) => (time - times[i]) / 1000)).median;
}

async function search(batchSize, memoryBudget, candidates = defaultCandidates()) {
  const start = performance.now();
  let found;
  await untilStopped(batchSize, (stop) => ({
    memoryBudget,
    candidates,
    budgetOf: 'kept',
    onChoice: (choice) => {
      found = { seconds: (performance.now() - start) / 1000, choice };
      stop();
    },
  }));
  return found;
}

for (const batchSize of batchSizes) {
  const most = (await search(batchSize, '1TB')).choice.keptBytes;
  const coarsest = defaultCandidates().filter(({ name }) => name === 'exact:1');
  const least = (await search(batchSize, '1TB', coarsest)).choice.keptBytes;
  for (const share of SHARES) {
    const [searches, steps] = [[], []];
    let choice;
    for (let round = 0; round < rounds; round++) {
      const found = await search(batchSize, Math.round(least + share * (most - least)));
      searches.push(found.seconds);
      ({ choice } = found);
      steps.push(await denseStep(batchSize));
    }
    const [seconds, step] = [searches, steps].map((each) => spread(each).median);
    const drawn = choice.layers.filter(({ varianceError }) => varianceError > 0).length;
    console.log(
      `batch ${batchSize}, ${share} of the way to dense: a search ${seconds.toFixed(2)} s, ${STEPS} steps ` +
        `${(STEPS * step).toFixed(2)} s, ${(seconds / (STEPS * step)).toFixed(2)} × of them; ` +
        `${drawn} layers by draws, the sum's error ${((100 * choice.varianceError) / choice.variance).toFixed(2)} %`,
    );
  }
}
await backend.dispose();
