import { dense, type MemoryPlan, PlanError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { encoderInputs, encoderParameters, encoderStep } from '../graphs/encoder.js';
import { runOnce } from '../run.js';
import { expectAlike, expectTouched } from './compared.js';
import type { Theme } from './theme.js';

/** A step that is too large for its arena: what waits is moved out and back, and nothing changes. */
export const hostStoreTheme: Theme = (context) => {
  const { backend, create, capabilities } = context;
  if (!capabilities.hostStore) return;
  describe('host store', () => {
    const options = { batch: 4, sequence: 9, estimator: dense(), finish: 'adamw' } as const;
    const graph = encoderStep(options);
    const given = { inputs: encoderInputs(options, 1), state: encoderParameters(graph) };

    for (const share of [0.9, 0.75])
      it(`gives the same bits in ${share} of the arena, and uses what it planned`, async () => {
        const whole = await runOnce(backend(), graph, given);
        expect(whole.plan.hostBytes).toBe(0);
        const arenaBytes = Math.floor(whole.plan.arenaBytes * share);
        const small = await create({ arenaBytes });
        try {
          const spilled = await runOnce(small, graph, given);
          const { plan } = spilled;
          expect(plan.arenaBytes).toBeLessThanOrEqual(arenaBytes);
          expect(plan.hostBytes).toBeGreaterThan(0);
          expect(plan.peakBytes).toBe(plan.persistentBytes + plan.arenaBytes + plan.hostBytes);
          expectTouched(context, spilled);
          expect(small.plan(graph).hostBytes).toBe(plan.hostBytes);
          for (const [name, data] of Object.entries(whole.outputs))
            expectAlike(context, name, spilled.outputs[name]!, data);
          for (const [name, data] of Object.entries(whole.state))
            expectAlike(context, name, spilled.state[name]!, data);
        } finally {
          await small.dispose();
        }
      });

    it('refuses a plan that takes more than the memory, host store and all', async () => {
      const { plan } = await runOnce(backend(), graph, given);
      const arenaBytes = Math.floor(plan.arenaBytes * 0.75);
      const compileWithin = async (memoryBytes: number): Promise<MemoryPlan> => {
        const limits = { arenaBytes, memoryBytes };
        const small = await create(limits);
        try {
          expect(small.limits).toEqual(limits);
          return (await small.compile(graph, { state: small.createState() })).plan;
        } finally {
          await small.dispose();
        }
      };
      const { peakBytes, hostBytes } = await compileWithin(Number.MAX_SAFE_INTEGER);
      expect(hostBytes).toBeGreaterThan(0);
      expect((await compileWithin(peakBytes)).peakBytes).toBe(peakBytes);
      const refused = compileWithin(peakBytes - 1);
      await expect(refused).rejects.toBeInstanceOf(PlanError);
      await expect(refused).rejects.toMatchObject({
        neededBytes: peakBytes,
        limitBytes: peakBytes - 1,
      });
    });
  });
};
