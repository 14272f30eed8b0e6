import {
  CODE_BITS,
  describeValue,
  gaussianTable,
  leastVarianceBits,
  type MixedBits,
  UsageError,
} from '@sketchgrad/core';

const [LEAST, MOST] = [Math.min(...CODE_BITS), Math.max(...CODE_BITS)];

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
  if (!(typeof average === 'number' && average >= LEAST && average <= MOST))
    throw new UsageError(
      `mixedBits: the average of the bits must be a number from ${LEAST} to ${MOST}, but it is ${describeValue(average)}`,
    );
  const rows = Float64Array.from(gaussianTable()).filter((_, index) => index % 8 === 4);
  return leastVarianceBits(
    rows.map((normal) => Math.exp(SPREAD * normal)),
    average,
  );
}
