import { describe, expect, it } from 'vitest';
import {
  codeAt,
  MULTIPLIERS,
  packRange,
  position,
  rangeOf,
  unpackRange,
} from '../../src/quantization/rounding.js';

/** Length of the shortest vector of the lattice of (w, factor · w) modulo 2³², by Gauss's reduction. */
function shortest(factor: bigint): number {
  type Vector = readonly [bigint, bigint];
  const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1];
  let u: Vector = [1n, factor];
  let v: Vector = [0n, 2n ** 32n];
  for (;;) {
    if (dot(u, u) > dot(v, v)) [u, v] = [v, u];
    const nearest = BigInt(Math.round(Number(dot(u, v)) / Number(dot(u, u))));
    if (nearest === 0n) return Math.sqrt(Number(dot(u, u)));
    v = [v[0] - nearest * u[0], v[1] - nearest * u[1]];
  }
}

describe('random bits that features share', () => {
  it('come from odd multipliers, any two of which make a good lattice', () => {
    const longest = Math.sqrt((2 / Math.sqrt(3)) * 2 ** 32);
    for (const multiplier of MULTIPLIERS) expect(multiplier & 1).toBe(1);
    // The lattice of two powers is that of their quotient, a lower power.
    for (const multiplier of MULTIPLIERS.subarray(1))
      expect(shortest(BigInt(multiplier >>> 0)) / longest).toBeGreaterThan(0.66);
  });
});

describe('ranges', () => {
  it('are bfloat16 numbers that hold their values, rounded outwards', () => {
    const values = Float32Array.of(-1.001, 0.3, 2.003);
    const range = rangeOf(values, 3)!;
    expect(range).toEqual({ minimum: -1.0078125, step: 1.0078125 });
    for (const dithered of [false, true])
      expect(unpackRange(packRange({ ...range, dithered }))).toEqual({ ...range, dithered });
    expect(rangeOf(Float32Array.of(-0, 0), 1)).toEqual({ minimum: 0, step: 0 });
    expect(rangeOf(Float32Array.of(1.001), 255)!.minimum).toBe(1);
  });
});

describe('positions', () => {
  const range = { minimum: -1, step: 0.5 };

  it('are whole numbers of 2⁻¹⁶ of a step, rounded to even, up to the highest code', () => {
    expect(position(-1, range, 7)).toBe(0);
    expect(position(0.25, range, 7)).toBe(2.5 * 65536);
    expect(position(-1 + 2.5 / 2 ** 17, range, 7)).toBe(2);
    expect(position(-1 + 3.5 / 2 ** 17, range, 7)).toBe(4);
    expect(position(99, range, 7)).toBe(7 * 65536);
    expect(position(5, { minimum: 5, step: 0 }, 7)).toBe(0);
  });

  it('become the code above as often as they are near it', () => {
    const at = position(0.125, range, 7);
    let sum = 0;
    for (let bits = 0; bits < 65536; bits++) sum += codeAt(at, bits);
    expect(sum / 65536).toBe(2.25);
    expect(codeAt(position(99, range, 7), 65535)).toBe(7);
  });
});
