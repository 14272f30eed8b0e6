import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';
import { normalDensity, normalDistribution } from './normal.js';
import { checkWords, isWord } from './threefry.js';

/** Entries of the Gaussian quantile table; an index is 12 random bits. */
export const GAUSSIAN_TABLE_SIZE = 4096;

/** Gaussian numbers drawn from one Threefry block: five indices of 12 bits out of its 64. */
export const GAUSSIANS_PER_BLOCK = 5;

/** The x ≤ 0 with P(Z ≤ x) = probability, by Newton's method from below. */
function lowerQuantile(probability: number): number {
  let x = -Math.sqrt(-2 * Math.log(2 * probability + 1e-300));
  for (let step = 0; step < 60; step++) {
    const change = (normalDistribution(x) - probability) / normalDensity(x);
    x -= change;
    if (Math.abs(change) < 1e-15) break;
  }
  return x;
}

function build(): Float32Array {
  const half = GAUSSIAN_TABLE_SIZE / 2;
  const lower = Float64Array.from({ length: half }, (_, i) =>
    lowerQuantile((i + 0.5) / GAUSSIAN_TABLE_SIZE),
  );
  const scale = Math.sqrt(half / lower.reduce((sum, x) => sum + x * x, 0));
  const table = new Float32Array(GAUSSIAN_TABLE_SIZE);
  for (let i = 0; i < half; i++) {
    table[i] = lower[i]! * scale;
    table[GAUSSIAN_TABLE_SIZE - 1 - i] = -table[i]!;
  }
  return table;
}

let cached: Float32Array | undefined;

/**
 * The 4096 quantiles of a standard normal at (i + 0.5)/4096, scaled to unit variance, rising.
 * A uniform 12-bit index into it is the Gaussian number that every executor draws, so that
 * sketches are equal to the bit. f32 [4096].
 */
export function gaussianTable(): Float32Array {
  cached ??= build();
  return cached;
}

/**
 * The kurtosis κ = E z⁴ / (E z²)² of a uniform draw from {@link gaussianTable}: a little under a
 * true Gaussian's 3, because the table has no tails. It enters the exact variance of a sketch.
 */
export function gaussianKurtosis(): number {
  let second = 0;
  let fourth = 0;
  for (const z of gaussianTable()) {
    second += z * z;
    fourth += z * z * z * z;
  }
  return (fourth * GAUSSIAN_TABLE_SIZE) / (second * second);
}

/**
 * The `slot`-th (0 to 4) 12-bit table index of a block's two words.
 * @throws UsageError for what are no 32-bit integers, or a slot that there is not
 */
export function gaussianIndex(word0: number, word1: number, slot: number): number {
  if (!(isWord(word0) && isWord(word1))) checkWords('gaussianIndex', { word0, word1 });
  if (!(Number.isInteger(slot) && slot >= 0 && slot < GAUSSIANS_PER_BLOCK))
    throw new UsageError(
      `gaussianIndex's slot must be an integer from 0 to ${GAUSSIANS_PER_BLOCK - 1}, but it is ${describeValue(slot)}`,
    );
  return tableIndex(word0, word1, slot);
}

/** {@link gaussianIndex} for executors, which draw number by number. */
export function tableIndex(word0: number, word1: number, slot: number): number {
  switch (slot) {
    case 0:
      return word0 & 0xfff;
    case 1:
      return (word0 >>> 12) & 0xfff;
    case 2:
      return word1 & 0xfff;
    case 3:
      return (word1 >>> 12) & 0xfff;
    default:
      return (word0 >>> 24) | ((word1 >>> 20) & 0xf00);
  }
}
