import {
  add,
  constant,
  dense,
  gaussian,
  input,
  type MemoryPlan,
  matmul,
  PlanError,
  RECOMPUTE_MODES,
  rmm,
  scale,
  sum,
  tanh,
  trace,
} from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { encoderInputs, encoderParameters, encoderStep } from '../graphs/encoder.js';
import { FINISHES, type Finish } from '../graphs/finish.js';
import { runOnce } from '../run.js';
import { expectTouched } from './compared.js';
import type { Theme } from './theme.js';

/** What is planned is what is used. */
export const memoryTheme: Theme = (context) => {
  const { backend, create, capabilities } = context;
  const { bufferBytes } = capabilities;
  describe('memory', () => {
    for (const estimator of [dense(), rmm({ sketch: gaussian(), rate: 0.2 })])
      for (const mode of RECOMPUTE_MODES)
        for (const finish of Object.keys(FINISHES) as Finish[])
          it(`uses what it planned: ${estimator.name}, recompute ${mode}, ${finish}`, async () => {
            const options = { batch: 4, sequence: 9, estimator, finish, recompute: mode };
            const graph = encoderStep(options);
            const given = { inputs: encoderInputs(options, 1), state: encoderParameters(graph) };
            const run = await runOnce(backend(), graph, given);
            const { plan } = run;
            expectTouched(context, run);
            expect(backend().plan(graph).peakBytes).toBe(plan.peakBytes);
            expect(plan.arenaBytes).toBeGreaterThanOrEqual(plan.largestLiveBytes);
            const categories = Object.values(plan.categories).reduce((sum, n) => sum + n, 0);
            expect(categories).toBe(plan.persistentBytes + plan.largestLiveBytes);
          });

    it('uses no more in a second run than in the first', async () => {
      const options = { batch: 2, sequence: 5, estimator: dense(), finish: 'adamw' } as const;
      const graph = encoderStep(options);
      const state = backend().createState();
      const executable = await backend().compile(graph, { state });
      for (const [name, data] of Object.entries(encoderParameters(graph)))
        await state.write(name, data);
      for (let step = 0; step < 3; step++) {
        await executable.run(encoderInputs(options, step));
        const { plan } = executable;
        expectTouched(context, { plan, measuredPeakBytes: executable.measuredPeakBytes() });
      }
      await executable.dispose();
    });

    it('keeps the constants of graphs that run in turns, and of one that a larger one moves', async () => {
      const fresh = await create();
      const state = fresh.createState();
      const of = (factor: number, size: number) =>
        trace(() => {
          const numbers = Float32Array.from({ length: 3 }, (_, i) => factor * (i + 1));
          const x = add(input('x', [size, 3]), constant(numbers));
          return { y: sum(tanh(x), { axis: 0 }) };
        });
      const executables = [];
      for (const [factor, size] of [
        [1, 1],
        [-2, 1],
        [3, 10_000],
      ] as const) {
        const graph = of(factor, size);
        const executable = await fresh.compile(graph, { state });
        const inputs = { x: new Float32Array(3 * size) };
        executables.push({ executable, inputs, first: await executable.run(inputs), factor, size });
      }
      for (const { first, factor, size } of executables)
        for (const [at, sum] of first.y!.entries())
          expect(sum / size).toBeCloseTo(Math.tanh(factor * (at + 1)), 4);
      for (const at of [0, 1, 1, 0, 2, 2, 0, 1]) {
        const { executable, inputs, first } = executables[at]!;
        expect(await executable.run(inputs)).toEqual(first);
      }
      await fresh.dispose();
    });

    it('plans a graph that is far too large, and refuses to compile it', async () => {
      const side = 2 ** 20;
      const graph = trace(() => {
        const x = input('x', [side, side]);
        return { y: matmul(scale(x, 2), x) };
      });
      const bytes = 4 * side * side;
      const refused = backend().compile(graph, { state: backend().createState() });
      await expect(refused).rejects.toBeInstanceOf(PlanError);
      const error: PlanError = await refused.catch((reason) => reason);
      if (bufferBytes === undefined) {
        expect(backend().plan(graph).peakBytes).toBeGreaterThanOrEqual(3 * bytes);
        expect(error.neededBytes).toBeGreaterThanOrEqual(3 * bytes);
        expect(error.limitBytes).toBeLessThan(error.neededBytes);
      } else {
        expect(() => backend().plan(graph)).toThrow(PlanError);
        expect(error).toMatchObject({ neededBytes: bytes, limitBytes: bufferBytes });
      }
    });

    it('refuses a plan that takes more than the memory', async () => {
      const graph = encoderStep({ batch: 4, sequence: 9, estimator: dense(), finish: 'adamw' });
      const { peakBytes } = backend().plan(graph);
      const compileWithin = async (memoryBytes: number): Promise<MemoryPlan> => {
        const small = await create({ memoryBytes });
        try {
          expect(small.limits.memoryBytes).toBe(memoryBytes);
          return (await small.compile(graph, { state: small.createState() })).plan;
        } finally {
          await small.dispose();
        }
      };
      expect((await compileWithin(peakBytes)).peakBytes).toBe(peakBytes);
      const refused = compileWithin(peakBytes - 1);
      await expect(refused).rejects.toBeInstanceOf(PlanError);
      const numbers = { neededBytes: peakBytes, limitBytes: peakBytes - 1 };
      await expect(refused).rejects.toMatchObject(numbers);
    });
  });
};
