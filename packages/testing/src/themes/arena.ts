import { dense, gaussian, PlanError, rmm } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { encoderInputs, encoderParameters, encoderStep } from '../graphs/encoder.js';
import { FINISHES, type Finish } from '../graphs/finish.js';
import { runOnce } from '../run.js';
import { expectAlike, expectTouched } from './compared.js';
import type { Theme } from './theme.js';

/** What of a step fits the device's buffers, and what does not. */
export const arenaTheme: Theme = (context) => {
  const { backend, create, capabilities } = context;
  if (!capabilities.arena) return;
  describe('arena', () => {
    const shape = { batch: 4, sequence: 9 } as const;

    it('refuses a step that does not fit, and says what it needs', async () => {
      const graph = encoderStep({ ...shape, estimator: dense(), finish: 'adamw' });
      const arenaBytes = 4096;
      const small = await create({ arenaBytes });
      try {
        expect(small.limits.arenaBytes).toBe(arenaBytes);
        const refused = small.compile(graph, { state: small.createState() });
        await expect(refused).rejects.toBeInstanceOf(PlanError);
        await expect(refused).rejects.toMatchObject({ limitBytes: arenaBytes });
        expect(small.plan(graph).arenaBytes).toBeGreaterThan(arenaBytes);
      } finally {
        await small.dispose();
      }
    });

    if (capabilities.bufferBytes === undefined) return;
    for (const estimator of [dense(), rmm({ sketch: gaussian(), rate: 0.5 })])
      for (const finish of Object.keys(FINISHES) as Finish[])
        it(`gives the same bits in several buffers: ${estimator.name}, ${finish}`, async () => {
          const options = { ...shape, estimator, finish };
          const graph = encoderStep(options);
          const given = { inputs: encoderInputs(options, 1), state: encoderParameters(graph) };
          const whole = await runOnce(backend(), graph, given);
          const bufferBytes = 1024 * Math.ceil((0.6 * whole.plan.arenaBytes) / 1024);
          const small = await create({ bufferBytes });
          try {
            const parted = await runOnce(small, graph, given);
            const { buffers } = parted.plan;
            expect(buffers.length).toBeGreaterThan(1);
            for (const { bytes } of buffers) expect(bytes).toBeLessThanOrEqual(bufferBytes);
            expectTouched(context, parted);
            for (const part of ['outputs', 'state'] as const)
              for (const [name, data] of Object.entries(whole[part]))
                expectAlike(context, name, parted[part][name]!, data);
          } finally {
            await small.dispose();
          }
        });
  });
};
