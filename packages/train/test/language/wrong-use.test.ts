import { refusesNonsense } from '@sketchgrad/testing';
import { expect, it } from 'vitest';
import * as language from '../../src/language/index.js';

// What callers without types can pass.
// biome-ignore lint/suspicious/noExplicitAny: that is what this is about
const functions = language as any;

const settled = language.settleEstimator({ estimator: 'rmm' });
const way = language.parseWay('rmm:count:0.1 gelu=3');

const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  parseEstimator: ['rmm:count:0.1'],
  formatEstimator: [settled],
  settleEstimator: [{ estimator: 'rmm' }, { rate: 0.1 }],
  buildEstimator: [settled],
  byValue: [settled],
  usualSetting: ['rate'],
  parseSetting: ['rate', '0.1'],
  parseKeep: ['gelu=3', ['gelu']],
  keepText: [{ gelu: 3 }],
  describeKeep: [{ gelu: 3 }],
  parseWay: ['dense block', ['gelu']],
  parseWays: ['dense; dense block', ['gelu']],
  formatWay: [way],
  buildWay: [way, { rate: 0.1 }],
};

it.each(Object.entries(RIGHT))('%s', (name, right) => refusesNonsense(functions[name], right));

it('every function is among them', () => {
  const names = Object.keys(functions).filter((name) => typeof functions[name] === 'function');
  expect(Object.keys(RIGHT).sort()).toEqual(names.sort());
});

it.each([
  ['parseWay', [undefined], "a way is a text, such as 'quantized:3 gelu=3,norm=8'"],
  ['buildEstimator', [{ estimator: 'rms' }], "(did you mean 'rmm'?)"],
  ['buildEstimator', [{ ...settled, sketch: 'gausian' }], "(did you mean 'gaussian'?)"],
  ['settleEstimator', ['rmm:count:0.1'], "such as parseEstimator('rmm:count:0.1') gives"],
])('%s of %j', (name, given, said) => expect(() => functions[name](...given)).toThrow(said));
