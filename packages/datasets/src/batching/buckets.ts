import { describeValue, UsageError } from '@sketchgrad/core';

/**
 * Sequence lengths to pad to, ascending and ending with `maxLength`: multiples of 16 to 64, and from
 * there two to an octave (96, 128, 192, 256, 384, 512, …). Few lengths mean few executables to
 * compile; close ones mean little padding.
 *
 * @param maxLength the longest sequence, in tokens
 * @throws UsageError where `maxLength` is not a positive integer
 */
export function sequenceBuckets(maxLength: number): number[] {
  if (!Number.isInteger(maxLength) || maxLength < 1) {
    throw new UsageError(
      `the longest sequence is ${describeValue(maxLength)}: expected a positive integer`,
    );
  }
  const buckets: number[] = [];
  let length = 16;
  while (length < maxLength) {
    buckets.push(length);
    const octave = 2 ** Math.floor(Math.log2(length));
    length += Math.max(16, octave / 2);
  }
  buckets.push(maxLength);
  return buckets;
}
