import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  narrowBF16,
  narrowF16,
  roundF64,
  widenBF16,
  widenF16,
} from '../../src/safetensors/float-conversions.js';

const everyHalf = Uint16Array.from({ length: 1 << 16 }, (_, bits) => bits);

function widened(widen: typeof widenF16, halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  widen(halves, values);
  return values;
}

/** binary16 by its definition. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -14 : sign * (1 + fraction) * 2 ** (exponent - 15);
}

describe('F16', () => {
  it('widens every value exactly', () => {
    const values = widened(widenF16, everyHalf);
    expect(everyHalf.filter((bits) => !Object.is(values[bits], half(bits)))).toHaveLength(0);
  });

  it('narrows what it widened to the same bits', () => {
    const narrowed = new Uint16Array(everyHalf.length);
    narrowF16(widened(widenF16, everyHalf), narrowed);
    const changed = everyHalf.filter((bits) => narrowed[bits] !== bits);
    expect(changed.filter((bits) => !Number.isNaN(half(bits)))).toHaveLength(0);
  });

  it('rounds to the nearest value, ties to even', () => {
    const finite = fc.float({ min: -65519, max: 65519, noNaN: true, noDefaultInfinity: true });
    const small = fc.float({ min: Math.fround(-1e-4), max: Math.fround(1e-4), noNaN: true });
    fc.assert(
      fc.property(fc.oneof(finite, small), (value) => {
        const bits = new Uint16Array(1);
        expect(narrowF16(Float32Array.of(value), bits)).toBe(-1);
        const error = Math.abs(half(bits[0]!) - value);
        for (const neighbour of [bits[0]! - 1, bits[0]! + 1]) {
          const other = Math.abs(half(neighbour & 0xffff) - value);
          expect(error <= other || Number.isNaN(other)).toBe(true);
          if (error === other) expect(bits[0]! & 1).toBe(0);
        }
      }),
    );
  });

  it('rounds values in the middle of two to the even one', () => {
    const bits = new Uint16Array(4);
    // A unit in the last place at 1 is 2^-10; among the subnormal values it is 2^-24.
    narrowF16(Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 ** -25, 3 * 2 ** -25), bits);
    expect([...bits].map(half)).toEqual([1, 1 + 2 ** -9, 0, 2 ** -23]);
  });

  it('tells which finite value is too large, and keeps NaN and infinity', () => {
    const bits = new Uint16Array(4);
    const values = Float32Array.of(Number.NaN, Number.NEGATIVE_INFINITY, 65519, 65520);
    expect(narrowF16(values, bits)).toBe(3);
    expect(half(bits[0]!)).toBeNaN();
    expect([...bits.subarray(1)]).toEqual([0xfc00, 0x7bff, 0x7c00]);
  });
});

describe('BF16', () => {
  it('widens and narrows every value exactly', () => {
    const values = widened(widenBF16, everyHalf);
    expect(values[0x3f80]).toBe(1);
    expect(values[0xc049]).toBe(-3.140625);
    const narrowed = new Uint16Array(everyHalf.length);
    narrowBF16(values, narrowed);
    const changed = everyHalf.filter((bits) => narrowed[bits] !== bits);
    expect(changed.filter((bits) => !Number.isNaN(values[bits]))).toHaveLength(0);
  });

  it('rounds to the nearest value, ties to even', () => {
    const bits = new Uint16Array(4);
    // A unit in the last place at 1 is 2^-7.
    narrowBF16(Float32Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, -1.001), bits);
    expect([...widened(widenBF16, bits)]).toEqual([1, 1 + 2 ** -6, 1 + 2 ** -7, -1]);
  });

  it('tells which finite value is too large, and keeps NaN and infinity', () => {
    const bits = new Uint16Array(3);
    const values = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, 3.4e38);
    expect(narrowBF16(values, bits)).toBe(2);
    const back = widened(widenBF16, bits);
    expect(back[0]).toBeNaN();
    expect(back[1]).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('F64', () => {
  const round = (...values: number[]) => {
    const rounded = new Float32Array(values.length);
    return { overflow: roundF64(Float64Array.from(values), rounded), rounded };
  };

  it('is rounded to the nearest f32, ties to even', () => {
    const unit = 2 ** -23;
    const { overflow, rounded } = round(0.1, 1 + unit / 2, 1 + 1.5 * unit, -0, 2 ** -150, 1e-320);
    expect([...rounded]).toEqual([Math.fround(0.1), 1, 1 + 2 * unit, -0, 0, 0]);
    expect(overflow).toBe(-1);
  });

  it('tells the first value that is too large', () => {
    const largest = 2 ** 128 - 2 ** 104;
    expect(round(largest, largest + 2 ** 102, Infinity, NaN).overflow).toBe(-1);
    expect(round(1, -1e300, 1e39).overflow).toBe(1);
  });
});
