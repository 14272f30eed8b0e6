import { gaussian, quantized, rmm } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { captured, momentsOf } from './activations.js';

/** What the paper's sketch keeps of 128 rows: 13 of them, or 3.25 bits a value. */
const sketched = rmm({ sketch: gaussian(), rate: 0.1 });

const uniform = quantized({ bits: 3, rotate: true });

/** 2.9 bits a value; with ranges, and the ranks of rows, no more than the sketch. */
const mixed = quantized({
  bits: [
    { bits: 8, share: 2 / 16 },
    { bits: 4, share: 4 / 16 },
    { bits: 3, share: 1 / 16 },
    { bits: 2, share: 2 / 16 },
    { bits: 1, share: 7 / 16 },
  ],
  rotate: true,
});

describe('with the dither subtracted, at the same bytes', () => {
  for (const layer of captured())
    it(`quantization has 0.45 to 0.55 of the variance of codes as they are: ${layer.name}`, () => {
      const moments = momentsOf(layer);
      for (const bits of [2, 3, 4] as const) {
        const [dithered, plain] = [true, false].map((dither) => quantized({ bits, dither }));
        const shape = [layer.rows, layer.inputs] as const;
        expect(dithered!.bytes(shape)).toBe(plain!.bytes(shape));
        const ratio = dithered!.variance(moments) / plain!.variance(moments);
        expect(ratio, `${bits} bits`).toBeGreaterThan(0.45);
        expect(ratio, `${bits} bits`).toBeLessThan(0.55);
      }
    });
});

describe('at no more kept bytes than a Gaussian sketch of a tenth of the rows', () => {
  for (const layer of captured()) {
    const moments = momentsOf(layer);
    const shape = [layer.rows, layer.inputs] as const;
    const variance = sketched.variance(moments);

    it(`rotated quantization has 100 times less variance: ${layer.name}`, () => {
      expect(uniform.bytes(shape)).toBeLessThanOrEqual(sketched.bytes(shape));
      expect(variance / uniform.variance(moments)).toBeGreaterThan(100);
    });

    it(`bits by the norms of the epoch before have 400 times less: ${layer.name}`, () => {
      expect(mixed.bytes(shape)).toBeLessThanOrEqual(sketched.bytes(shape));
      expect(variance / mixed.variance(moments, layer.stale)).toBeGreaterThan(400);
    });
  }
});
