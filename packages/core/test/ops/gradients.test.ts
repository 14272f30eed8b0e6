import fc from 'fast-check';
import { describe, it } from 'vitest';
import { checkGradients } from '../support/gradient-check.js';
import { GRADIENT_CASES } from './gradients.js';

describe('vector-Jacobian products agree with central differences', () => {
  for (const [op, cases] of Object.entries(GRADIENT_CASES))
    cases.forEach((test, i) => {
      it(cases.length > 1 ? `${op} (${i + 1})` : op, async () => {
        const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 3 });
        await fc.assert(
          fc.asyncProperty(sizes, fc.nat(2 ** 20), (dimensions, seed) =>
            checkGradients(
              test.args((at) => dimensions[at]!, seed),
              test.build,
            ),
          ),
          { numRuns: 12 },
        );
      });
    });
});
