import { dense, gaussian, rmm, SketchgradError, sentenceShape, UsageError } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import * as train from '../src/index.js';
import { CheckpointMemory } from '../src/index.js';
import { neighbourModel, ring } from './nodes/ring.js';
import { TinyModel, tinyData } from './tiny-model.js';

// What callers without types can pass.
// biome-ignore lint/suspicious/noExplicitAny: that is what this is about
const { fineTune, trainNodes, evaluate, ...others } = train as any;

const model = new TinyModel();
const backend = createReferenceBackend();
const data = tinyData({ count: 8 });
const base = { backend, data, epochs: 1, batchSize: 4 };

const named = (name: string) => ({ name, estimator: dense() });

describe('fineTune refuses', () => {
  it.each<[object, RegExp]>([
    [
      { epoch: 3 },
      /^fineTune has no option 'epoch' \(did you mean 'epochs'\?\); there are backend, /,
    ],
    [{ learning_rate: 1 }, /no option 'learning_rate' \(did you mean 'learningRate'\?\)/],
    [
      { backend: 'cpu' },
      /^backend must be a backend, such as await loadBackend\('cpu'\) gives, but it is 'cpu'/,
    ],
    [{ backend: Promise.resolve(backend) }, /but it is a promise: await it/],
    [{ backend: undefined }, /^backend must be .* but it is undefined/],
    [
      { data: [{ first: 'a' }] },
      /^the training data must be data with length, batch\(indices\) and lengthOf\(index\), .* but it is an array of 1, without batch\(\)/,
    ],
    [{ data: { length: 4 } }, /but it is an object of length, without batch\(\)/],
    [{ evaluation: { data: [], metrics: [] } }, /^the evaluation data must be/],
    [
      { evaluation: { data, metrics: 'accuracy' } },
      /^metrics must be an array of names, but it is 'accuracy'/,
    ],
    [{ evaluation: { data, metrics: [] } }, /^metrics is empty: name at least one of accuracy, /],
    [{ candidates: [{ name: 'dense', estimator: dense() }] }, /^candidates has no use without/],
    [{ budgetOf: 'kept' }, /^budgetOf says what memoryBudget counts/],
    [{ budgetOf: 'peak', noiseBudget: 0.1 }, /^budgetOf says what memoryBudget counts/],
    [
      { schedule: { name: 'below', factor: () => -1 } },
      /^a schedule's factor must be a number from 0 up, but in step 0 of \d+ it is -1/,
    ],
    [{ keep: null }, /^keep must be an object of bits, .* but it is null/],
    [{ keep: true }, /^keep must be an object of bits, .* but it is true/],
    [{ probe: null }, /^probe takes its options as an object, .* but they are null/],
    [{ probe: 0 }, /^probe takes its options as an object, .* but they are 0/],
    [
      { evaluation: { data, metrics: ['acuracy'] } },
      /there is no metric 'acuracy' \(did you mean 'accuracy'\?\)/,
    ],
    [
      { evaluation: { data, metric: ['accuracy'] } },
      /^evaluation has no option 'metric' \(did you mean 'metrics'\?\)/,
    ],
    [
      { schedule: () => 1 },
      /^schedule must be a schedule, such as linearSchedule\(\) gives, .* but it is the function schedule/,
    ],
    [{ schedule: 'linear' }, /^schedule must be .* but it is 'linear'/],
    [
      { estimator: 'rmm' },
      /^estimator must be a gradient estimator, but it is 'rmm': pass rmm\(\{ sketch: gaussian\(\), rate: 0.1 \}\)/,
    ],
    [{ estimator: 'quantized:3' }, /pass quantized\(\{ bits: 3 \}\)/],
    [{ estimator: 'rm' }, /pass one of dense\(\), .* \(did you mean 'rmm'\?\)/],
    [{ estimator: {} }, /but it is an empty object: pass one of dense\(\)/],
    [{ estimator: rmm }, /^rmm has no option 'name'/],
    [
      { estimator: () => 'dense' },
      /^what estimator gives for the layer 'hidden' must be a gradient estimator, but it is 'dense'/,
    ],
    [{ estimator: null }, /but it is null/],
    [{ optimizer: { lr: 1 } }, /^optimizer has no option 'lr'/],
    [{ optimizer: { beta1: '0.9' } }, /beta1 must be at least 0 and below 1, but it is '0.9'/],
    [
      { checkpoint: 'runs/1' },
      /^checkpoint takes its options as an object, \{ store, everySteps, everyEpochs \}, but they are 'runs\/1'/,
    ],
    [
      { checkpoint: {} },
      /^checkpoint's store must be a store of checkpoints, such as new CheckpointFolder\('run'\)/,
    ],
    [{ checkpoint: { store: 'runs/1' } }, /^checkpoint's store must be .* but it is 'runs\/1'/],
    [
      { checkpoint: { store: new CheckpointMemory(), every: 1 } },
      /^checkpoint has no option 'every'/,
    ],
    [
      { signal: new AbortController() },
      /^signal must be an AbortController's signal, but it is a AbortController, without aborted/,
    ],
    [{ onStep: 'print' }, /^onStep must be a function, but it is 'print'/],
    [{ resume: 'yes' }, /^resume must be true or false, but it is 'yes'/],
    [{ state: {} }, /^state must be a backend's state/],
    [{ epochs: '3' }, /^epochs must be an integer of at least 1, but it is '3'/],
    [{ epochs: Number.NaN }, /but it is NaN/],
    [{ seed: '1' }, /^seed must be an integer from 0 to 4294967295, but it is '1'/],
    [{ learningRate: '1e-3' }, /^learningRate must be a number above 0, but it is '1e-3'/],
    [
      { recompute: 'blocks' },
      /^recompute must be one of none, .* but it is 'blocks' \(did you mean 'block'\?\)/,
    ],
    [{ recompute: true }, /^recompute must be one of .* but it is true/],
    [{ priorities: 'examples' }, /^priorities must be one of .* \(did you mean 'example'\?\)/],
    [{ keep: 'norm=8' }, /^keep must be an object of bits, such as .* but it is 'norm=8'/],
    [{ keep: { norms: 8 } }, /'norms' cannot be kept in few bits \(did you mean 'norm'\?\)/],
    [{ memoryBudget: true }, /^true is no size in bytes/],
    [{ memoryBudget: '1MB', candidates: 'dense' }, /^candidates must be an array/],
    [
      { memoryBudget: '1MB', candidates: ['a', 'b', 'a'].map(named) },
      /^each candidate must have a name of its own, but 'a' comes twice/,
    ],
    [{ memoryBudget: '1MB', candidates: [dense()] }, /^candidate 0 has no option 'random'/],
    [
      { probe: { layers: 'hidden', estimator: dense(), onRecord() {} } },
      /^probe's layers must be an array/,
    ],
    [
      { probe: { layers: ['hidden'], estimator: 'rmm', onRecord() {} } },
      /^probe's estimator must be/,
    ],
    [{ probe: { layers: ['hidden'], estimator: dense() } }, /^probe's onRecord must be a function/],
  ])('%o', async (change, message) => {
    const refused = fineTune(model, { ...base, ...change });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
  });

  it('what is no model, and no options', async () => {
    for (const other of [undefined, null, 'minilm', {}, Promise.resolve(model)])
      await expect(fineTune(other, base)).rejects.toThrow(
        /^the model must be a model to train, such as await loadClassifier\(name\) gives/,
      );
    for (const other of [undefined, null, 3, [base]])
      await expect(fineTune(model, other)).rejects.toThrow(
        /^fineTune takes its options as an object/,
      );
  });
});

describe('trainNodes refuses', () => {
  const nodes = ring();
  const network = neighbourModel;
  it.each<[object, RegExp]>([
    [{ epoch: 3 }, /^trainNodes has no option 'epoch' \(did you mean 'epochs'\?\)/],
    [{ backend: 'cpu' }, /^backend must be a backend/],
    [{ data: 'cora' }, /^data must be a graph with labelled nodes, such as .* but it is 'cora'/],
    [{ data: { ...nodes, split: undefined } }, /^data must be .* without split/],
    [{ data: { ...nodes, split: {} } }, /^data's split must be .* without train/],
    [{ estimator: 'exact:2' }, /pass exact\(\{ bits: 2 \}\)/],
    [{ batches: 4 }, /^batches must be batches of a graph/],
    [{ penalty: () => -1 }, /^penalty must give a number from 0 up, but for '.*' it gives -1/],
    [{ optimizer: null }, /^optimizer takes its options as an object, .* but they are null/],
    [{ optimizer: () => 1 }, /^optimizer takes its options as an object/],
    [{ penalty: 5e-4 }, /^penalty must be a function, but it is 0.0005/],
    [{ selectBy: 'scores' }, /^selectBy must be one of score, loss, but it is 'scores'/],
    [
      { checkpoint: { store: new CheckpointMemory(), everyStep: 1 } },
      /^checkpoint has no option 'everyStep' \(did you mean 'everySteps'\?\)/,
    ],
    [{ optimizer: { eps: 1 } }, /^optimizer has no option 'eps'/],
    [{ keep: { gelus: 3 } }, /'gelus' cannot be kept/],
    [{ keep: { gelu: 3 } }, /'gelu' cannot be kept in few bits; norm can/],
    [{ keep: null }, /^keep must be an object of bits, .* but it is null/],
    [{ estimator: () => undefined }, /^what estimator gives for the layer '.*' must be a gradient/],
  ])('%o', async (change, message) => {
    const refused = trainNodes(network, { backend, data: nodes, ...change });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
  });

  it('what is no network', async () => {
    await expect(trainNodes(model, { backend, data: nodes })).rejects.toThrow(
      /^the model must be a network for graphs, such as new GraphNetwork\(config\)/,
    );
  });
});

describe('evaluate refuses', () => {
  const state = backend.createState();
  it.each<[object, RegExp]>([
    [{ batchsize: 3 }, /^evaluate has no option 'batchsize' \(did you mean 'batchSize'\?\)/],
    [{ state: undefined }, /^state must be a backend's state/],
    [{ backend: 'cpu' }, /^backend must be a backend/],
    [{ data: [] }, /^the evaluation data must be/],
    [{ metrics: ['acc'] }, /there is no metric 'acc'/],
  ])('%o', async (change, message) => {
    const refused = evaluate(model, { backend, state, data, ...change });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
  });
});

/** Values that no argument is. */
const NONSENSE: readonly unknown[] = [
  ...[undefined, null, 0, -1, Number.NaN, true, 'text', '', [], {}, () => undefined],
  ...[Symbol('s'), new Map(), Promise.resolve(1), [undefined], { length: 3 }],
];

/** Public functions, each with right arguments. */
const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  accuracy: [[1], [1]],
  f1: [[1], [1]],
  matthews: [
    [1, 0],
    [1, 0],
  ],
  pearson: [
    [1, 2],
    [1, 2],
  ],
  spearman: [
    [1, 2],
    [1, 2],
  ],
  evaluateMetrics: [['accuracy'], [1], [1]],
  adamwOptions: [{}],
  adamwSettings: [train.ADAMW_DEFAULTS, { learningRate: 1, step: 0 }],
  optimizerOptions: [{ kind: 'sgd', momentum: 0.5 }],
  byteSize: ['1MB'],
  chosenEstimators: [{ layers: [] }, [], []],
  constantSchedule: [{}],
  linearSchedule: [{}],
  polynomialSchedule: [{}],
  dataOrder: [0, 0, 3],
  traceTrainingStep: [model, { shape: sentenceShape(2, 4) }],
  traceEvaluation: [model, sentenceShape(2, 4)],
  fineTune: [model, base],
  evaluate: [model, { backend, state: backend.createState(), data }],
};

describe('no public function throws a TypeError from inside:', () => {
  it.each(Object.entries(RIGHT))('%s', async (name, right) => {
    const called = { ...others, fineTune, evaluate }[name] as (...all: unknown[]) => unknown;
    for (let place = 0; place < right.length; place++)
      for (const nonsense of NONSENSE) {
        const all = right.map((value, index) => (index === place ? nonsense : value));
        const shown = `argument ${place}: ${String(typeof nonsense === 'symbol' ? 's' : JSON.stringify(nonsense))}`;
        try {
          await called(...all);
        } catch (error) {
          expect(error, shown).toBeInstanceOf(SketchgradError);
        }
      }
  });
});

it.each(['3', 9, 0.5, Number.NaN, null, undefined])(
  'no mixture of widths has %o bits',
  (average) => {
    const refused = () => others.mixedBits(average);
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(/the average of the bits must be a number from 1 to 8, but it is /);
  },
);

it('a run of a million epochs begins at once, with the memory of its largest step', async () => {
  let asked = 0;
  const data = tinyData({ count: 9 });
  const long = {
    ...data,
    lengthOf: (index: number) => {
      asked++;
      return data.lengthOf(index);
    },
  };
  const controller = new AbortController();
  const run = fineTune(model, {
    ...{ backend, data: long, epochs: 1e6, batchSize: 4, signal: controller.signal },
    estimator: rmm({ sketch: gaussian(), rate: 1 }),
    onStep: () => controller.abort(),
  });
  await expect(run).rejects.toMatchObject({ code: 'interrupted' });
  expect(asked).toBeLessThan(1e6);
});
