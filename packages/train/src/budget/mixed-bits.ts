import { gaussianTable, leastVarianceBits, type MixedBits } from '@sketchgrad/core';

/** Deviation of the logarithm of a row's weight: how unlike the rows of a batch are. */
const SPREAD = 3;

/**
 * Shares of rows of 1, 2, 3, 4 and 8 bits with this average and the least variance, for rows whose
 * weights (squared norm of the gradient, times what rounding the row varies) are log-normal. The
 * shares must be known before any weight is, for the plan to be exact; what they are a poor fit for
 * costs variance, not bias.
 *
 * @param average of the bits of codes, from 1 to 8
 * @throws UsageError for an average that no mixture has
 */
export function mixedBits(average: number): MixedBits {
  const rows = Float64Array.from(gaussianTable()).filter((_, index) => index % 8 === 4);
  return leastVarianceBits(
    rows.map((normal) => Math.exp(SPREAD * normal)),
    average,
  );
}
