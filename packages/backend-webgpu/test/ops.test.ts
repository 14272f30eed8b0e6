import './support/gpu.js';
import { type Backend, trace } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { buildCase, givenTo, operationCases } from '@sketchgrad/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBackend } from '../src/index.js';
import { lowerings } from '../src/lowerings/index.js';

let backend: Backend;
beforeAll(async () => {
  backend = await createBackend();
});
afterAll(() => backend.dispose());

/** Results and state after a case, by their names. */
async function resultsOf(on: Backend, test: (typeof operationCases)[number]) {
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

for (const op of lowerings.keys())
  it(`${op} gives what the reference gives`, async () => {
    const cases = operationCases.filter((test) => test.op === op && !test.subnormal);
    expect(cases.length).toBeGreaterThan(0);
    for (const test of cases) {
      const wanted = await resultsOf(createReferenceBackend(), test);
      const actual = await resultsOf(backend, test);
      for (const [name, data] of Object.entries(wanted)) {
        const most = Math.max(0, ...[...data].map(Math.abs));
        const off = [...data].map((want, i) =>
          Object.is(want, actual[name]![i]) ? 0 : Math.abs(actual[name]![i]! - want),
        );
        expect(Math.max(0, ...off), `${test.name}: ${name}`).toBeLessThanOrEqual(1e-5 * most);
      }
    }
  });
