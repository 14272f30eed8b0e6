import { input, linear, matmul, trace } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { expect, it } from 'vitest';
import { createOnDevice } from './support/gpu.js';

/** Whole vectors and not, tiles of 8 and of 64 and a bit more, and so many k that they are split. */
const SIZES = [
  [8, 4, 8],
  [12, 20, 4],
  [33, 7, 130],
  [68, 36, 72],
  [65, 40, 129],
  [5, 1100, 3],
  [72, 1100, 68],
] as const;

const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 1.7 * i));

for (const sharing of [false, true]) {
  const [backend, reference] = [await createOnDevice({ sharing }), createReferenceBackend()];
  for (const [m, k, n] of SIZES)
    it(`${m} × ${k} × ${n}${sharing ? ', threads sharing' : ''}`, async () => {
      const graph = trace(() => {
        const [x, w, b] = [input('x', [m, k]), input('w', [n, k]), input('b', [n])];
        const [across, down] = [input('xT', [k, m]), input('wT', [k, n])];
        return {
          layer: linear(x, w, b),
          plain: matmul(x, down),
          left: matmul(across, down, { transposeA: true }),
          right: matmul(x, w, { transposeB: true }),
          both: matmul(across, w, { transposeA: true, transposeB: true }),
        };
      });
      const inputs = {
        ...{ x: numbers(m * k, 1), w: numbers(n * k, 2), b: numbers(n, 3) },
        ...{ xT: numbers(k * m, 4), wT: numbers(k * n, 5) },
      };
      const run = async (on: typeof backend) =>
        (await on.compile(graph, { state: on.createState() })).run(inputs);
      const [actual, wanted] = [await run(backend), await run(reference)];
      for (const [name, data] of Object.entries(wanted))
        for (const [i, want] of data.entries())
          expect(Math.abs(actual[name]![i]! - want), `${name} ${i}`).toBeLessThan(2e-6 * k + 1e-6);
    });
}
