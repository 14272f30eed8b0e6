import { gaussian, rmm } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { expectSameBits } from '../compare.js';
import { encoderInputs, encoderParameters, encoderStep } from '../graphs/encoder.js';
import { trainingDigest } from '../graphs/train.js';
import { runOnce } from '../run.js';
import type { Theme } from './theme.js';

/** The same key gives the same bits: again, on another backend, in another process. */
export const determinismTheme: Theme = ({ backend, create, capabilities }) => {
  describe('determinism', () => {
    const options = {
      batch: 3,
      sequence: 7,
      estimator: rmm({ sketch: gaussian(), rate: 0.5 }),
      finish: 'gradients',
    } as const;
    const graph = encoderStep(options);
    const runWithKey = (seed: number, step: number) =>
      runOnce(backend(), graph, {
        inputs: { ...encoderInputs(options, 0), key: Int32Array.of(seed, step) },
        state: encoderParameters(graph),
      });

    it('gives other numbers for another seed and for another step', async () => {
      const first = await runWithKey(5, 6);
      for (const [seed, step] of [
        [6, 6],
        [5, 7],
      ] as const)
        expect((await runWithKey(seed, step)).outputs.loss).not.toEqual(first.outputs.loss);
    });

    if (!capabilities.exactBits) return;
    it('gives the same bits for the same key, run after run', async () => {
      const first = await runWithKey(5, 6);
      const again = await runWithKey(5, 6);
      for (const [name, data] of Object.entries(first.outputs))
        expectSameBits(name, again.outputs[name]!, data);
    });

    it('gives the same bits on a second backend beside the first', async () => {
      const other = await create();
      try {
        expect(await trainingDigest(other)).toBe(await trainingDigest(backend()));
      } finally {
        await other.dispose();
      }
    });

    const { processes } = capabilities;
    if (!processes) return;
    it('gives the same bits in another process', async () => {
      expect(await processes()).toBe(await trainingDigest(backend()));
    });
  });
};
