import { ONE, position, type Range } from './rounding.js';

// Subtractive dither (Roberts 1962; Schuchman, IEEE Trans. Commun. 12, 1964). A value at t steps is rounded to the
// code ⌊t + u⌋ for a random u in [0, 1). The code alone has the mean t, and the variance f (1 − f) of
// stochastic rounding, f being the fraction of t. With u drawn again the code is read as
// code − u + ½, whose error is ½ less the fraction of t + u: uniform on a step whatever t, so that its
// mean is 0 and its variance 1/12, half of what f (1 − f) is on average. But values that lie at codes,
// such as zeros at the end of a range, are free of error without it.

/** Variance of a dithered value, in squared steps; to within 2⁻³², as u is a multiple of 2⁻¹⁶. */
const DITHERED = 1 / 12;

/** ½ less half a unit of u, which so has the mean ½ exactly. */
const HALF = 0.5 - 0.5 / ONE;

/**
 * Whether a group's values vary less where the dither is subtracted: Σ f (1 − f) > n/12. With f in
 * units of 2⁻¹⁶ that is 3 Σ (f − 2¹⁵)² < 2³¹ n, which is exact here for groups of a million.
 */
export function variesLessDithered(
  positions: ArrayLike<number>,
  from: number,
  to: number,
): boolean {
  let squares = 0;
  for (let f = from; f < to; f++) squares += ((positions[f]! % ONE) - ONE / 2) ** 2;
  return 3 * squares < 2 ** 31 * (to - from);
}

/**
 * What a code stands for where its dither is subtracted: minimum + (code − u + ½) · step, u being the
 * random bits and half a unit. In 32-bit arithmetic, from the whole number (code − u) · 2¹⁶.
 *
 * @param random the 16 bits that were added before the value was rounded
 */
export function ditheredValue(code: number, random: number, { minimum, step }: Range): number {
  const middle = Math.fround(minimum + Math.fround(step * HALF));
  return Math.fround(middle + Math.fround((step / ONE) * (code * ONE - random)));
}

/**
 * Σ E(x̂ − x)² over a group's values: s² f (1 − f) each for a step s, or s²/12 each where the dither is
 * subtracted and that is less.
 */
export function roundingErrors(
  values: ArrayLike<number>,
  range: Range,
  { levels, dither }: { readonly levels: number; readonly dither: boolean },
): number {
  let fractions = 0;
  for (let f = 0; f < values.length; f++) {
    const fraction = (position(values[f]!, range, levels) % ONE) / ONE;
    fractions += fraction * (1 - fraction);
  }
  return range.step ** 2 * (dither ? Math.min(fractions, values.length * DITHERED) : fractions);
}
