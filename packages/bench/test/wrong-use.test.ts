import { UsageError } from '@sketchgrad/core';
import { refusesNonsense } from '@sketchgrad/testing';
import { expect, it } from 'vitest';
import * as bench from '../src/index.js';
import * as ofNode from '../src/node/index.js';

// What callers without types can pass.
// biome-ignore lint/suspicious/noExplicitAny: that is what this is about
const functions = { ...bench, ...ofNode } as any;

const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  comparisonTable: [[{ name: 'a' }], [{ title: 'name', text: () => 'a' }]],
  spread: [[1, 2]],
  timeShares: [[{ op: 'gelu', calls: 1, seconds: 1 }]],
  measureSteps: [
    [{ name: 'a', prepare: async () => undefined }],
    { steps: 1, onStep: () => undefined },
  ],
};

it.each(Object.entries(RIGHT))('%s', (name, right) => refusesNonsense(functions[name], right));

it.each([
  [['10', '9'], "'10'"],
  [[1, Number.NaN], 'NaN'],
])('a spread of %j has no meaning', (values, said) => {
  expect(() => functions.spread(values)).toThrow(`a spread is of numbers, but one is ${said}`);
});

it('a peak has no other options', () => {
  for (const wrong of [null, { sample: true }, { sampling: 'yes' }])
    expect(() => new functions.ResidentPeak(wrong)).toThrow(UsageError);
});
