// What observing layers costs a training step: node bench/probe.mjs [steps]
// Dense, one layer observed (the paper's figure 5), and all of them, a step each in turns.
import { measureSteps } from '@sketchgrad/bench';
import { dense, gaussian, loadBackend, probed, rmm } from '@sketchgrad/core';
import { loadClassifier } from '@sketchgrad/models/node';
import { adamwOptions, adamwSettings, traceTrainingStep } from '@sketchgrad/train';

const steps = Number(process.argv[2] ?? 9);
const shape = { batchSize: 16, sequence: 128 };
const tokens = shape.batchSize * shape.sequence;
const model = await loadClassifier('minilm', { randomWeights: true });
const backend = await loadBackend('cpu');
const state = backend.createState();
const inputs = model.inputs({
  ...shape,
  tokenIds: Int32Array.from({ length: tokens }, (_, i) => 1000 + ((i * 7919) % 28000)),
  tokenTypeIds: new Int32Array(tokens),
  attentionMask: new Int32Array(tokens).fill(1),
  labels: Int32Array.from({ length: shape.batchSize }, (_, i) => i % 2),
});

/** @param {(layer: string) => boolean} isProbed */
const contender = (name, isProbed) => ({
  name,
  prepare: async () => {
    const estimator = ({ name: layer }) =>
      isProbed(layer)
        ? probed({ layer, estimators: [rmm({ sketch: gaussian(), rate: 0.5 })] })
        : dense();
    const graph = traceTrainingStep(model, { shape, estimator, everyLayer: true });
    const executable = await backend.compile(graph, { state });
    await model.initialize(state, { seed: 0 });
    let step = 0;
    return {
      executable,
      run: async () => {
        const settings = adamwSettings(adamwOptions(), { learningRate: 1e-6, step });
        await executable.run({ ...inputs, settings, key: Int32Array.of(0, step++) });
      },
      dispose: () => executable.dispose(),
    };
  },
});

const PROBING = ['rowSquaredNorms', 'squaredNorm'];
const results = await measureSteps(
  [
    contender('nothing', () => false),
    contender('one layer', (name) => name === 'encoder.layer.3.output.dense'),
    contender('all layers', () => true),
  ],
  { steps },
);
for (const { name, secondsPerStep, time } of results) {
  const share = PROBING.reduce((sum, op) => sum + (time[op] ?? 0), 0);
  const ratio = secondsPerStep.median / results[0].secondsPerStep.median;
  console.log(
    `${name.padEnd(10)}  ${secondsPerStep.median.toFixed(3)} s a step  ${ratio.toFixed(3)} ×  ` +
      `sums of squares ${(100 * share).toFixed(2)} % of it`,
  );
}
await backend.dispose();
