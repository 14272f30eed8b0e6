import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { input, rotateFeatures } from '../../src/index.js';
import { evaluator } from '../../src/reference/evaluate.js';
import { draw } from '../support/draw.js';

describe('rotateFeatures', () => {
  it('is orthonormal, spreads what stands alone, and is undone by its inverse', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 90 }),
        (features, group) => {
          const run = evaluator(() => {
            const x = input('x', [2, features]);
            const y = rotateFeatures(x, { group });
            return { y, back: rotateFeatures(y, { group, inverse: true }) };
          });
          const x = draw(2 * features, features);
          const { y, back } = run({ x });
          const norm = (values: Float64Array) => values.reduce((sum, v) => sum + v * v, 0);
          expect(norm(y!) / norm(x)).toBeCloseTo(1, 5);
          for (const [i, value] of back!.entries()) expect(value).toBeCloseTo(x[i]!, 5);
        },
      ),
      { numRuns: 40 },
    );
    const alone = Float64Array.from({ length: 64 }, (_, i) => (i === 9 ? 8 : 0));
    const run = evaluator(() => ({ y: rotateFeatures(input('x', [1, 64]), { group: 64 }) }));
    for (const value of run({ x: alone }).y!) expect(Math.abs(value)).toBeCloseTo(1, 6);
  });
});
