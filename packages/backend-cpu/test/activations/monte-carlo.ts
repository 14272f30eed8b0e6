import { type Backend, type GradientEstimator, loadBackend } from '@sketchgrad/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Activations, captured, momentsOf, narrowed } from './activations.js';
import { type Estimates, estimates } from './estimates.js';
import { everyEstimator } from './estimators.js';

const KEYS = 2000;

/** How often a normal deviate is beyond 4 standard errors. */
const BEYOND_FOUR = 6.334e-5;

/**
 * Elements of a gradient that move together, at most, on the whole: one direction of X that carries
 * most of it moves all outputs. Where elements exceed a bound in clusters of c, the variance of
 * their count is c times its mean.
 */
const CLUSTER = 10;

/** What f32 leaves of ‖Ĝ − G‖² at most, as a share of ‖G‖². */
const ROUNDING = 1e-10;

/** What f32 leaves of the mean of ‖Ĝ − G‖², as a share of it, where all draws have the same. */
const NO_SPREAD = 1e-6;

/** Rows, inputs and outputs of what is estimated: not all of them powers of two. */
const SIZES = [
  [128, 192, 24],
  [112, 192, 24],
] as const;

/** An estimator with the priorities that it is handed, where it ranks rows. */
interface Setting {
  readonly name: string;
  readonly estimator: GradientEstimator;
  readonly priorities?: Float32Array;
}

/**
 * Tests of some of the captured layers: that every estimator varies as its formula says, and is
 * unbiased where it says so. Keys are fixed, so that a test that passes does so always.
 *
 * @param chosen which layers
 */
export function monteCarlo(chosen: readonly number[]): void {
  let backend: Backend;
  beforeAll(async () => {
    // Small tensors: a second thread would wait more than it works.
    backend = await loadBackend('cpu', { threads: 1 });
  });
  afterAll(() => backend.dispose());

  const layers = captured();
  for (const index of chosen) {
    const layer = narrowed(layers[index]!, SIZES[index % SIZES.length]!);
    it(`estimators vary as their formulas say, and are unbiased: ${layer.name}`, async () => {
      let beyond = 0;
      let elements = 0;
      for (const setting of settingsOf(layer)) {
        const found = await estimates(backend, setting.estimator, layer, {
          keys: KEYS,
          seed: 1,
          ...setting,
        });
        if (isExact(setting, layer)) {
          const rounding = ROUNDING * momentsOf(layer).gradientNorm;
          expect(Math.max(...found.errors), `${setting.name}: errors`).toBeLessThan(rounding);
          continue;
        }
        checkVariance(setting, layer, found);
        if (!setting.estimator.unbiased) continue;
        const count = beyondFour(found);
        // Elements of a gradient move together, so that many may be beyond at once, seldom.
        expect(count, `${setting.name}: elements beyond 4`).toBeLessThan(0.01 * found.means.length);
        // One of 16,000 such comparisons fails by chance.
        expect(Math.abs(alongGradient(found)), `${setting.name}: bias`).toBeLessThan(4);
        // What adds up along a row or a column and shows in no element. 216 sums of 41 settings on four
        // layers: 5 standard errors are passed by chance once in 50 suites of other keys.
        const most = found.sums.reduce((worst, sum) => Math.max(worst, Math.abs(sum)), 0);
        expect(most, `${setting.name}: sums of rows and columns`).toBeLessThan(5);
        beyond += count;
        elements += found.means.length;
      }
      const nominal = BEYOND_FOUR * elements;
      expect(beyond).toBeLessThan(nominal + 4 * Math.sqrt(CLUSTER * nominal));
    }, 300_000);
  }
}

/** Every estimator; one that ranks rows by right, old and useless priorities. */
function settingsOf(layer: Activations): Setting[] {
  const priorities = {
    right: Float32Array.from(momentsOf(layer).yNorms),
    old: layer.stale,
    zero: new Float32Array(layer.rows),
  };
  return [...everyEstimator].flatMap(([name, estimator]): Setting[] =>
    estimator.ranksRows
      ? Object.entries(priorities).map(([kind, values]) => ({
          name: `${name}, ${kind} priorities`,
          estimator,
          priorities: values,
        }))
      : [{ name, estimator }],
  );
}

/** Whether all that has a gradient is kept as it is, which leaves rounding and nothing to sample. */
const isExact = ({ estimator, priorities }: Setting, layer: Activations): boolean =>
  estimator.variance(momentsOf(layer), priorities) < ROUNDING * momentsOf(layer).gradientNorm;

/**
 * The mean of ‖Ĝ − G‖² is within 4 standard errors of the formula: of 200 such comparisons one fails
 * by chance once in 80 suites of other keys.
 */
function checkVariance(
  { name, estimator, priorities }: Setting,
  layer: Activations,
  { errors }: Estimates,
): void {
  const predicted = estimator.variance(momentsOf(layer), priorities);
  const { deviation, relative } = compare(errors, predicted);
  expect(Math.abs(deviation), `${name}: standard errors off its variance`).toBeLessThan(4);
  // The comparison can tell: a formula that is wrong by an eighth is always found out.
  expect(relative, `${name}: standard error over variance`).toBeLessThan(0.03);
}

/** How far the mean is from `expected`, in standard errors, and the standard error's share of it. */
function compare(values: Float64Array, expected: number) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const spread = Math.sqrt(squares / values.length / (values.length - 1));
  const error = Math.max(spread, NO_SPREAD * Math.abs(expected));
  return { deviation: (mean - expected) / error, relative: error / expected };
}

/** Elements whose mean is more than 4 standard errors from the gradient's. */
const beyondFour = ({ means, standardErrors }: Estimates): number =>
  means.reduce((count, mean, i) => count + (Math.abs(mean) > 4 * standardErrors[i]! ? 1 : 0), 0);

/** The mean of ⟨Ĝ − G, G⟩ in its standard errors: finds a wrong scale that no element shows. */
const alongGradient = ({ projections }: Estimates): number => compare(projections, 0).deviation;
