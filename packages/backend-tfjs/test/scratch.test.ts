import { type Backend, trace } from '@sketchgrad/core';
import { buildCase, givenTo, type OperationCase, operationCases } from '@sketchgrad/testing';
import { engine } from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { createBackend } from '../src/index.js';
import { lowerings } from '../src/lowerings/index.js';
import { mostBytes } from './support/most-bytes.js';

/**
 * Ops that take what rows in use need, of which spare ones take none; attention's are as long as may be
 * where there is one sequence. And sums that are made again on the host.
 */
const mayTakeLess = ({ op, name, inputs: { starts, mask } }: OperationCase): boolean => {
  if (op.startsWith('batchNormalize') && /leaves? 32 bits/.test(name)) return true;
  if (!starts) return false;
  const [, end, ...others] = starts.draw(0);
  return !op.startsWith('attention') || end !== mask!.shape[0] || others.length > 0;
};

for (const platform of ['cpu', 'wasm'] as const) {
  const made: Promise<Backend> = createBackend({ platform });
  afterAll(async () => (await made).dispose());

  describe(`what lowerings take on ${platform}`, () => {
    for (const op of lowerings.keys())
      it(`${op}: what is planned is what TensorFlow.js holds, and nothing stays`, async () => {
        const backend = await made;
        for (const test of operationCases.filter((one) => one.op === op)) {
          const graph = trace(() => buildCase(test));
          const { inputs, state: before = {} } = givenTo(test);
          const start = { ...engine().memory() };
          const state = backend.createState();
          const executable = await backend.compile(graph, { state });
          for (const [name, data] of Object.entries(before)) await state.write(name, data);
          // Constants are uploaded by the first run.
          await executable.run(inputs);
          const held = engine().memory();
          const most = await mostBytes(() => executable.run(inputs));
          const { plan } = executable;
          const staying = plan.constants.reduce((all, { data }) => all + data.byteLength, 0);
          const measured = plan.persistentBytes + staying + most - held.numBytes;
          expect(executable.measuredPeakBytes(), `${test.name}: measured`).toBe(measured);
          const planned = plan.persistentBytes + plan.largestLiveBytes;
          if (mayTakeLess(test)) expect(measured, test.name).toBeLessThanOrEqual(planned);
          else expect(measured, `${test.name}: planned`).toBe(planned);
          await executable.dispose();
          await state.dispose();
          const end = engine().memory();
          expect([end.numTensors, end.numBytes], test.name).toEqual([
            start.numTensors,
            start.numBytes,
          ]);
        }
      });
  });
}
