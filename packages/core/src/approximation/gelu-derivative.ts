import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';
import { normalDensity, normalDistribution } from '../random/normal.js';
import { fitSteps, type StepFunction } from './piecewise-constant.js';

/** Widths of the codes that a GELU may keep. */
export const GELU_BITS = [1, 2, 3, 4] as const;
export type GeluBits = (typeof GELU_BITS)[number];

/** The inputs that steps are fitted to: normal, of this standard deviation, cut off at ±`REACH`. */
const SPREAD = 1.5;
const REACH = 7.5;
const POINTS = 300;

/** GELU's derivative, Φ(x) + x φ(x). */
export const geluDerivative = (x: number): number => normalDistribution(x) + x * normalDensity(x);

const fitted = new Map<GeluBits, StepFunction>();

/** @throws UsageError for a width that a GELU's codes cannot have */
export function checkGeluBits(_: string, bits: unknown): void {
  if (!GELU_BITS.includes(bits as GeluBits))
    throw new UsageError(
      `GELU keeps ${GELU_BITS.join(', ')} bits of its input, not ${describeValue(bits)}`,
    );
}

/**
 * GELU's derivative as a step function of 2^bits steps, the closest in the mean square for inputs
 * that are normal about 0 with standard deviation 1.5, which covers what trained encoders have (a
 * MiniLM's layers: mean −1.1 to −0.5, deviation 0.7 to 1.1; fitted to those alone, 3 bits would come
 * only 1 % nearer).
 * Made at first use, in a few hundredths of a second, and remembered. arXiv 2202.00441 leaves the
 * weight open and suggests a normal density.
 *
 * @throws UsageError for other widths than 1, 2, 3 and 4
 */
export function geluSteps(bits: GeluBits): StepFunction {
  checkGeluBits('bits', bits);
  let steps = fitted.get(bits);
  if (!steps) {
    const at = (i: number) => REACH * ((2 * i + 1) / POINTS - 1);
    const grid = Float64Array.from({ length: POINTS }, (_, i) => at(i));
    const weights = grid.map((x) => normalDensity(x / SPREAD));
    steps = fitSteps(grid, grid.map(geluDerivative), weights, 2 ** bits);
    fitted.set(bits, steps);
  }
  return steps;
}
