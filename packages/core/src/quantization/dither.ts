import type { CodeBits } from './layout.js';
import { ONE, position, type Range } from './rounding.js';

// Subtractive dither (Roberts 1962; Schuchman, IEEE Trans. Commun. 12, 1964). A value at t steps is
// rounded to the code ⌊t + u⌋ for a random u in [0, 1). The code alone has the mean t, and the
// variance f (1 − f) of stochastic rounding, f being the fraction of t. With u drawn again a share λ of
// what it was off its mean is taken off: code − λ (u − ½). The mean stays. The code's covariance with
// u is f (1 − f)/2, so that the variance is (1 − λ) f (1 − f) + λ²/12: for λ = 1 it is 1/12 whatever
// t, half of what f (1 − f) is on average. But values that lie at codes, such as zeros at the end of a
// range, are free of error as they are.

/**
 * λ by the width of codes, of which 6 f (1 − f) is the best. With one bit, values lie around the middle
 * between the two codes. With two, an outlier, which rotation spreads to either side, leaves a group's
 * values near the ends of its range, and a little less is best on the whole.
 */
const SHARES: Readonly<Record<CodeBits, number>> = { 1: 10 / 8, 2: 7 / 8, 3: 1, 4: 1, 8: 1 };

/** λ u in units of 2⁻¹⁶, as whole numbers. */
const TAKEN: Readonly<Record<CodeBits, (random: number) => number>> = {
  1: (random) => random + (random >> 2),
  2: (random) => random - (random >> 3),
  3: (random) => random,
  4: (random) => random,
  8: (random) => random,
};

/** Their means over all 2¹⁶ random bits, exactly, in steps. */
const MEANS: Readonly<Record<CodeBits, number>> = {
  1: 40959 / ONE,
  2: 28672 / ONE,
  3: 32767.5 / ONE,
  4: 32767.5 / ONE,
  8: 32767.5 / ONE,
};

/**
 * Whether a group's values vary less where their dither is taken off: Σ f (1 − f) > λ n/12. With f in
 * units of 2⁻¹⁶ that is 3 Σ (f − 2¹⁵)² < 2³⁰ (3 − λ) n, which is exact for groups of up to 300,000.
 */
export function variesLessDithered(
  positions: ArrayLike<number>,
  [from, to]: readonly [number, number],
  bits: CodeBits,
): boolean {
  let squares = 0;
  for (let f = from; f < to; f++) squares += ((positions[f]! % ONE) - ONE / 2) ** 2;
  return 24 * squares < 2 ** 30 * (24 - 8 * SHARES[bits]) * (to - from);
}

/**
 * What a code stands for without its dither: minimum + (code − λ (u − ½)) · step. In 32-bit
 * arithmetic, from the whole number (code − λ u) · 2¹⁶.
 *
 * @param random the 16 bits that were added before the value was rounded
 */
export function ditheredValue(
  code: number,
  random: number,
  { minimum, step }: Range,
  bits: CodeBits,
): number {
  const origin = Math.fround(minimum + Math.fround(step * MEANS[bits]));
  return Math.fround(origin + Math.fround((step / ONE) * (code * ONE - TAKEN[bits](random))));
}

/**
 * Σ E(x̂ − x)² over a group's values: s² f (1 − f) each for a step s, or s² ((1 − λ) f (1 − f) + λ²/12)
 * where the dither is taken off and that is less.
 */
export function roundingErrors(
  values: ArrayLike<number>,
  range: Range,
  { bits, dither }: { readonly bits: CodeBits; readonly dither: boolean },
): number {
  const levels = 2 ** bits - 1;
  let fractions = 0;
  for (let f = 0; f < values.length; f++) {
    const fraction = (position(values[f]!, range, levels) % ONE) / ONE;
    fractions += fraction * (1 - fraction);
  }
  const share = SHARES[bits];
  const dithered = (1 - share) * fractions + (share ** 2 / 12) * values.length;
  return range.step ** 2 * (dither ? Math.min(fractions, dithered) : fractions);
}
