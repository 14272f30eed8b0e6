// What estimators add to the variance of each linear layer's gradient, beside another estimator:
//   node bench/added-variance.mjs [ESTIMATORS] [cola:FOLDER | cora:gcn:FOLDER ...] [step: 20]
// ESTIMATORS has pairs, such as 'quantized:3/quantized:3:no-dither', with commas between them. Layers are
// probed at the first step and at another one (of graphs, an epoch), in training with exact gradients;
// variances are exact. FOLDER is one in GLUE's or, with a network, gcn or gcn2, in OGB's layout; WordNet
// needs none. With DEBUG=1 each layer has its line.
import { loadGraph, networkFor, readTraining } from '@sketchgrad/bench/node';
import { loadBackend } from '@sketchgrad/core';
import { fineTune, InterruptedError, layersOf, trainNodes } from '@sketchgrad/train';
import { buildEstimator, parseEstimator, settleEstimator } from '@sketchgrad/train/language';

const [pairs, ...places] = process.argv.slice(2);
const every = /^\d+$/.test(places.at(-1) ?? '') ? Number(places.pop()) : 20;
const PAIRS = (
  pairs || [2, 3, 4].map((bits) => `quantized:${bits}/quantized:${bits}:no-dither`).join()
)
  .split(',')
  .map((pair) => pair.split('/'));
const silent = { note: () => {}, show: () => {}, count: () => {}, end: () => {} };

/** What is trained: the model, and a run of it that is told its options. */
async function trained(place) {
  const [name, network, ...path] = place.split(':');
  if (network !== 'gcn' && network !== 'gcn2') {
    const folder = [network, ...path].filter(Boolean).join(':');
    const { model, data } = await readTraining(
      {
        ...{ task: name, data: folder || undefined, download: false, maxExamples: undefined },
        ...{ model: 'minilm', randomWeights: false, newHead: false, sequence: 128 },
      },
      silent,
    );
    const layers = layersOf(model, { batchSize: 32, sequence: 128 });
    return { layers, run: (options) => fineTune(model, { data, batchSize: 32, ...options }) };
  }
  const options = {
    dataset: name,
    data: path.join(':') || undefined,
    download: false,
    model: network,
  };
  const data = await loadGraph(options, () => {});
  const model = networkFor(options, data);
  const { nodes } = data.graph;
  const layers = layersOf(model, { nodes, entries: nodes, rows: nodes });
  return { layers, run: (others) => trainNodes(model, { data, evaluateEvery: 1e6, ...others }) };
}

/** Variances by step and layer. */
async function variances({ layers, run }, text) {
  const backend = await loadBackend('cpu');
  const found = new Map();
  const end = new AbortController();
  const estimator = buildEstimator(settleEstimator(parseEstimator(text), {}));
  const probe = {
    ...{ layers: layers.map(({ name }) => name), estimator, every },
    onRecord: ({ step, layer, dRmm2 }) => {
      found.set(`${layer}, step ${step}`, dRmm2);
      if (step > 1 && found.size === 2 * layers.length) end.abort();
    },
  };
  const settings = { backend, seed: 0, probe, epochs: every + 1, signal: end.signal };
  try {
    await run(settings);
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
  } finally {
    await backend.dispose();
  }
  return found;
}

for (const place of places.length > 0 ? places : ['wordnet'])
  for (const [one, other] of PAIRS) {
    const run = await trained(place);
    const [first, second] = [await variances(run, one), await variances(run, other)];
    const ratios = [];
    for (const [layer, variance] of first) {
      const than = second.get(layer);
      // What neither adds anything to is exact with both.
      if (variance === 0 && than === 0) continue;
      ratios.push(variance / than);
      if (process.env.DEBUG) console.log(`${layer}: ${variance} / ${than} = ${variance / than}`);
    }
    ratios.sort((a, b) => a - b);
    const [least, median, most] = [0, Math.floor(ratios.length / 2), ratios.length - 1].map((at) =>
      (ratios[at] ?? Number.NaN).toFixed(3),
    );
    console.log(
      `${place}: ${one} / ${other}: ${least} to ${most} × the variance, ${median} × in the median ` +
        `of ${ratios.length}; ${first.size - ratios.length} have none`,
    );
  }
