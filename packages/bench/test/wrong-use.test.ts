import { UsageError } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { refusesNonsense } from '@sketchgrad/testing';
import { expect, it } from 'vitest';
import * as bench from '../src/index.js';
import * as ofNode from '../src/node/index.js';

// What callers without types can pass.
// biome-ignore lint/suspicious/noExplicitAny: that is what this is about
const functions = { ...bench, ...ofNode } as any;

const backend = createReferenceBackend();
const model = { parameters: [], build: () => undefined, initialize: async () => undefined };
const layers = { report: { estimator: 'dense', sketch: null, rate: null }, option: {} };

const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  comparisonTable: [[{ name: 'a' }], [{ title: 'name', text: () => 'a' }]],
  spread: [[1, 2]],
  timeShares: [[{ op: 'gelu', calls: 1, seconds: 1 }]],
  measureSteps: [
    [{ name: 'a', prepare: async () => undefined }],
    { steps: 1, onStep: () => undefined },
  ],
  openBackend: [{ backend: 'reference' }],
  backendSettings: [{ backend: 'reference' }],
  layersOfEstimator: [{ estimator: 'rmm' }, model, { everyLayer: true, recompute: 'cheap' }],
  describeReport: [layers.report],
  warningOfKept: [layers, 1, () => 1],
  bytesColumn: ['kept', () => 1],
};

it.each(Object.entries(RIGHT))('%s', (name, right) => refusesNonsense(functions[name], right));

it.each([
  [['10', '9'], "'10'"],
  [[1, Number.NaN], 'NaN'],
])('a spread of %j has no meaning', (values, said) => {
  expect(() => functions.spread(values)).toThrow(`a spread is of numbers, but one is ${said}`);
});

it('steps are of a model, on a backend', () =>
  refusesNonsense(
    (...all) => new functions.ModelSteps(...all).trace({}),
    [model, backend, { shape: {}, inputs: {} }],
  ));

it.each(['trainOnGraph', 'compareOnGraph', 'fineTuneOnTask'])('%s', (name) =>
  // Settings that end it before anything is read.
  refusesNonsense((context) => functions[name]({ nothing: true }, context), [{}]),
);

it('a peak has no other options', () => {
  for (const wrong of [null, { sample: true }, { sampling: 'yes' }])
    expect(() => new functions.ResidentPeak(wrong)).toThrow(UsageError);
});
