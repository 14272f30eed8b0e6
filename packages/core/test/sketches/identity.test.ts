import { describe, expect, it } from 'vitest';
import { count, dct, dft, gaussian, hadamard, rademacher, type Sketch } from '../../src/index.js';
import { mean, productEstimates, standardError } from './sampled.js';

const [ROWS, KEYS] = [7, 2000];

const identity = Float64Array.from({ length: ROWS * ROWS }, (_, i) =>
  i % (ROWS + 1) === 0 ? 1 : 0,
);

const outerProducts = (sketch: Sketch, rows: number, keys = KEYS) =>
  productEstimates(sketch, { n: ROWS, rows, keys, x: identity, y: identity });

const SKETCHES: readonly Sketch[] = [
  gaussian(),
  gaussian({ blockRows: 3 }),
  rademacher({ blockRows: 3 }),
  count(),
  count({ balanced: false }),
  count({ balanced: false, blockRows: 3 }),
  ...[dct, dft, hadamard].flatMap((transform) => [
    transform(),
    transform({ replacement: true }),
    transform({ blockRows: 3 }),
  ]),
];

describe('S Sᵀ', () => {
  SKETCHES.forEach((sketch, index) => {
    it(`is the unit matrix on average: ${sketch.name} (${index})`, async () => {
      const all = await outerProducts(sketch, 3);
      identity.forEach((want, at) => {
        const values = all.map((product) => product[at]!);
        // Entries are rounded to f32. 49 elements of 15 sketches: passed by chance once in 2000 suites.
        const allowed = 5 * standardError(values) + 1e-7;
        expect(Math.abs(mean(values) - want), `element ${at}`).toBeLessThan(allowed);
      });
    });
  });

  it('has ones on its diagonal for signs alone', async () => {
    for (const sketch of [rademacher(), count(), count({ balanced: false, blockRows: 2 })])
      for (const product of await outerProducts(sketch, 3, 20))
        for (let i = 0; i < ROWS; i++) expect(product[i * (ROWS + 1)]).toBeCloseTo(1, 6);
  });

  it('is the unit matrix where as many rows are kept as there are and nothing is drawn twice', async () => {
    for (const product of await outerProducts(count(), ROWS, 20))
      expect([...product]).toEqual([...identity]);
  });

  it('is an orthogonal projection, scaled, for rows of a basis that are not drawn twice', async () => {
    const n = 8;
    const unit = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
    for (const transform of [dct, dft, hadamard]) {
      const of = (rows: number) =>
        productEstimates(transform(), { n, rows, keys: 10, x: unit, y: unit });
      for (const product of await of(n))
        product.forEach((value, at) => {
          expect(value).toBeCloseTo(unit[at]!, 10);
        });
      for (const p of await of(3))
        for (let i = 0; i < n; i++)
          for (let j = 0; j < n; j++) {
            let square = 0;
            for (let k = 0; k < n; k++) square += p[i * n + k]! * p[k * n + j]!;
            expect(square).toBeCloseTo((p[i * n + j]! * n) / 3, 10);
          }
    }
  });
});
