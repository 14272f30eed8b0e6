import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dense,
  type Graph,
  gaussian,
  type Node,
  planMemory,
  RECOMPUTE_MODES,
  recompute,
  rmm,
} from '../../src/index.js';
import { createReferenceBackend } from '../../src/reference/index.js';
import { checkPlan } from '../support/check-plan.js';
import { draw } from '../support/draw.js';
import { randomGraph } from '../support/random-graph.js';
import { runApart } from '../support/run-apart.js';
import { smallNetwork } from '../support/small-network.js';

async function checkNumbers(graph: Graph): Promise<void> {
  const backend = createReferenceBackend({ precision: 'f64' });
  const state = backend.createState();
  const executable = await backend.compile(graph, { state });
  const leaves: Record<string, Float64Array> = {};
  for (const { name, value } of [...graph.inputs, ...graph.persistents])
    leaves[name] = draw(
      value.shape.reduce((n, size) => n * size, 1),
      name.length,
    );
  for (const { name } of graph.persistents) await state.writeFloat64(name, leaves[name]!);
  const inputs = Object.fromEntries(graph.inputs.map(({ name }) => [name, leaves[name]!]));
  expect(await executable.runFloat64(inputs)).toEqual(runApart(graph, leaves));
  expect(executable.measuredPeakBytes()).toBe(executable.plan.peakBytes);
}

describe('plans', () => {
  it('of random graphs overlap nowhere, cover every use, and run to the same bits', async () => {
    await fc.assert(
      fc.asyncProperty(randomGraph, async (graph) => {
        checkPlan(graph, planMemory(graph));
        await checkNumbers(graph);
      }),
      { numRuns: 300 },
    );
  });

  it('of random graphs after recomputation run to the same bits', async () => {
    await fc.assert(
      fc.asyncProperty(randomGraph, fc.constantFrom(...RECOMPUTE_MODES), async (graph, mode) => {
        const rewritten = recompute(graph, mode);
        checkPlan(rewritten, planMemory(rewritten));
        await checkNumbers(rewritten);
      }),
      { numRuns: 400 },
    );
  });

  it('have room for what kernels ask to work in', async () => {
    await fc.assert(
      fc.property(randomGraph, fc.integer({ min: 1, max: 500 }), (graph, bytes) => {
        const options = { scratchBytes: ({ id }: Node) => (id % 2 ? bytes : 0) };
        const plan = planMemory(graph, options);
        checkPlan(graph, plan, options);
        for (const node of plan.schedule)
          expect(plan.scratch.get(node)?.bytes ?? 0).toBeGreaterThanOrEqual(
            node.id % 2 ? bytes : 0,
          );
      }),
      { numRuns: 50 },
    );
  });

  for (const estimator of [dense(), rmm({ sketch: gaussian(), rate: 0.5 })])
    for (const mode of RECOMPUTE_MODES)
      it(`of a network are within 5 % of the least: ${estimator.name}, ${mode}`, () => {
        const size = { batch: 4, sequence: 32, features: 48 };
        const graph = recompute(smallNetwork(estimator, size), mode);
        const plan = planMemory(graph);
        checkPlan(graph, plan);
        expect(plan.arenaBytes).toBeLessThanOrEqual(1.05 * plan.largestLiveBytes);
      });
});
