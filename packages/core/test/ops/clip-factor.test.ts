import { expect, it } from 'vitest';
import { ADAMW_SETTINGS, clipFactor, input } from '../../src/index.js';
import { evaluator } from '../../src/reference/evaluate.js';

/** The factor for a gradient of this norm, of which settings take so much. */
function factorOf(norm: number, limit: number, gradientScale = 1): number {
  const run = evaluator(() => ({
    factor: clipFactor(input('squared', []), input('settings', [8]), limit),
  }));
  const settings = new Float64Array(8);
  settings[ADAMW_SETTINGS.indexOf('gradientScale')] = gradientScale;
  return run({ squared: Float64Array.of(norm ** 2), settings }).factor![0]!;
}

it.each([
  // limit / (norm + 10⁻⁶), at most 1: near 10⁻⁶ the two weigh alike.
  [1e-6, 1e-6, 0.5],
  [1e-6, 1.5e-6, 0.75],
  [3e-6, 1e-6, 0.25],
  [1e-6, 2e-6, 1],
  [1e-6, 3e-6, 1],
  [0, 5e-7, 0.5],
  [0, 1, 1],
  // A norm at the limit is a part in a million above it.
  [1, 1, 1 / (1 + 1e-6)],
  [2, 1, 1 / (2 + 1e-6)],
])('a norm of %f under a limit of %f counts %f', (norm, limit, factor) => {
  expect(factorOf(norm, limit) / factor).toBeCloseTo(1, 9);
});

it('clips the norm of the mean, not of the sum', () => {
  expect(factorOf(8, 1, 0.25)).toBeCloseTo(1 / (2 + 1e-6), 9);
  expect(factorOf(8, 1, 0.125)).toBeCloseTo(1 / (1 + 1e-6), 9);
  expect(factorOf(4e-6, 1e-6, 0.25)).toBeCloseTo(0.5, 9);
});
