import { type Backend, trace } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { buildCase, givenTo, type OperationCase, operationCases } from '@sketchgrad/testing';
import { describe, expect, it } from 'vitest';
import { lowerings } from '../src/lowerings/index.js';
import { createOnDevice } from './support/gpu.js';

/** Results and state after a case, by their names. */
async function resultsOf(on: Backend, test: OperationCase) {
  const graph = trace(() => buildCase(test));
  const given = givenTo(test);
  const state = on.createState();
  const executable = await on.compile(graph, { state });
  for (const [name, data] of Object.entries(given.state ?? {})) await state.write(name, data);
  const results = await executable.run(given.inputs);
  for (const name of state.tensors.keys()) results[`state ${name}`] = await state.read(name);
  await executable.dispose();
  await state.dispose();
  return results;
}

/** How far results may be from the reference's, of the largest: what rounds in another order. */
const ALLOWED = 2e-5;

for (const sharing of [false, true]) {
  const backend = await createOnDevice({ sharing });
  describe(sharing ? 'where threads share' : 'where each thread is alone', () => {
    for (const op of lowerings.keys())
      it(`${op} gives what the reference gives`, async () => {
        const cases = operationCases.filter((test) => test.op === op && !test.subnormal);
        expect(cases.length).toBeGreaterThan(0);
        // Waiting for each other takes long where the CPU computes.
        for (const test of sharing ? cases.slice(0, 12) : cases) {
          const wanted = await resultsOf(createReferenceBackend(), test);
          const actual = await resultsOf(backend, test);
          for (const [name, data] of Object.entries(wanted)) {
            const most = Math.max(0, ...[...data].filter(Number.isFinite).map(Math.abs));
            const off = [...data].map((want, i) =>
              Object.is(want, actual[name]![i]) ? 0 : Math.abs(actual[name]![i]! - want),
            );
            expect(Math.max(0, ...off), `${test.name}: ${name}`).toBeLessThanOrEqual(
              ALLOWED * most,
            );
          }
        }
      });
  });
}
