import type { TensorData } from '@sketchgrad/core';
import { expect } from 'vitest';

/** The least normal number of f32: below it, double precision has numbers where f32 has 0. */
const LEAST = 2 ** -126;

/** How far a number may be from the reference's: relative · |it| + ofLargest · the tensor's largest. */
export interface Tolerance {
  readonly relative: number;
  readonly ofLargest: number;
}

/** Fails unless `actual` is within `tolerance` of what the reference computed in double precision. */
export function expectClose(
  what: string,
  actual: TensorData,
  wanted: Float64Array,
  { relative, ofLargest }: Tolerance,
): void {
  expect(actual.length, `${what}: how many numbers`).toBe(wanted.length);
  const largest = wanted.reduce(
    (most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most),
    0,
  );
  const least = relative + ofLargest > 0 ? LEAST : 0;
  let worst = 0;
  let at = -1;
  wanted.forEach((want, i) => {
    // NaN where the reference has NaN, and the same infinities.
    if (Object.is(actual[i], want)) return;
    const allowed = relative * Math.abs(want) + ofLargest * largest + least;
    const error = Math.abs(actual[i]! - want);
    const excess = Number.isFinite(error) ? error - allowed : Number.POSITIVE_INFINITY;
    if (excess > worst) {
      worst = excess;
      at = i;
    }
  });
  if (at < 0) return;
  expect.fail(
    `${what}[${at}] is ${actual[at]}, should be ${wanted[at]}: off by ${Math.abs(actual[at]! - wanted[at]!)}, allowed ${relative} of it + ${ofLargest} of the largest, ${largest}`,
  );
}

/** Fails unless the bits are the same. */
export function expectSameBits(what: string, actual: TensorData, wanted: TensorData): void {
  expect(actual.length, `${what}: how many numbers`).toBe(wanted.length);
  const bits = (data: TensorData) => new Uint32Array(data.slice().buffer);
  const [got, want] = [bits(actual), bits(wanted)];
  const at = got.findIndex((word, i) => word !== want[i]);
  if (at >= 0) expect.fail(`${what}[${at}] is ${actual[at]}, should be ${wanted[at]} to the bit`);
}
