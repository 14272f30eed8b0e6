import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  copyFromHost,
  copyToHost,
  dense,
  type Graph,
  input,
  matmul,
  PlanError,
  planMemory,
  planWithin,
  printPlan,
  RECOMPUTE_MODES,
  recompute,
  reshape,
  scale,
  spill,
  tanh,
  trace,
  UsageError,
  type Value,
} from '../../src/index.js';
import { createReferenceBackend } from '../../src/reference/index.js';
import { draw } from '../support/draw.js';
import { randomGraph } from '../support/random-graph.js';
import { smallNetwork } from '../support/small-network.js';

/** Runs a graph, with what lies in no arena too small for it, on numbers that depend on names. */
async function run(graph: Graph, arenaBytes?: number) {
  const backend = createReferenceBackend({
    precision: 'f32',
    ...(arenaBytes ? { arenaBytes: Math.floor(arenaBytes) } : {}),
  });
  const state = backend.createState();
  const executable = await backend.compile(graph, { state });
  const numbers = (name: string, { shape }: Value) =>
    Float32Array.from(
      draw(
        shape.reduce((n, size) => n * size, 1),
        name.length,
      ),
    );
  for (const { name, value } of graph.persistents) await state.write(name, numbers(name, value));
  const inputs = Object.fromEntries(
    graph.inputs.map(({ name, value }) => [
      name,
      value.dtype === 'i32'
        ? Int32Array.from(numbers(name, value), (x) => +(x > 0))
        : numbers(name, value),
    ]),
  );
  const outputs = await executable.run(inputs);
  const after = await Promise.all([...state.tensors.keys()].map((name) => state.read(name)));
  expect(executable.measuredPeakBytes()).toBe(executable.plan.peakBytes);
  return { outputs, after, plan: executable.plan };
}

/** The least arena that a graph can be made to fit, to within 64 bytes. */
function leastArena(graph: Graph): number {
  let [low, high] = [0, planMemory(graph).arenaBytes];
  while (high - low > 64) {
    const middle = (low + high) / 2;
    try {
      planWithin(graph, { arenaBytes: middle });
      high = middle;
    } catch (error) {
      expect(error).toBeInstanceOf(PlanError);
      low = middle;
    }
  }
  return high;
}

describe('spill', () => {
  for (const mode of RECOMPUTE_MODES)
    it(`a training step gives the same bits in ever smaller arenas, recompute ${mode}`, async () => {
      const graph = recompute(smallNetwork(dense()), mode);
      const whole = await run(graph);
      expect(whole.plan.hostBytes).toBe(0);
      const least = leastArena(graph);
      expect(least).toBeLessThan(whole.plan.arenaBytes);
      for (const share of [0, 0.3, 0.7]) {
        const arenaBytes = least + share * (whole.plan.arenaBytes - least);
        const small = await run(graph, arenaBytes);
        expect(small.plan.arenaBytes).toBeLessThanOrEqual(arenaBytes);
        expect(small.plan.hostBytes).toBeGreaterThan(0);
        const { persistentBytes, hostBytes } = small.plan;
        expect(small.plan.peakBytes).toBe(persistentBytes + small.plan.arenaBytes + hostBytes);
        expect(small.outputs).toEqual(whole.outputs);
        expect(small.after).toEqual(whole.after);
      }
    });

  it('moves what the first layers keep, once each way, and names what made it', () => {
    const graph = smallNetwork(dense(), { batch: 8, sequence: 8 });
    const whole = planMemory(graph);
    const { plan } = planWithin(graph, { arenaBytes: whole.arenaBytes * 0.8 });
    const count = (op: string) => plan.schedule.filter((node) => node.op.name === op).length;
    expect(count('copyToHost')).toBeGreaterThan(0);
    expect(count('copyFromHost')).toBe(count('copyToHost'));
    const moved = plan.kept.filter(({ space }) => space === 'host');
    expect(moved.length).toBe(count('copyToHost'));
    expect(moved.every(({ op }) => op !== 'copyToHost')).toBe(true);
    // Before the middle of the forward pass.
    const halfway = plan.schedule.findIndex(({ stage }) => stage !== 'forward') / 2;
    const out = plan.schedule.findIndex(({ op }) => op.name === 'copyToHost');
    expect(out).toBeLessThan(halfway);
    expect(printPlan(plan)).toMatch(/peak .*host store.*\n(.*\n)*.*host store: /);
    expect(printPlan(whole)).not.toContain('host store');
  });

  it('gives the same bits on random graphs, or says that they cannot fit', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomGraph,
        fc.double({ min: 0.2, max: 1, noNaN: true }),
        async (graph, share) => {
          const arenaBytes = Math.max(64, planMemory(graph).arenaBytes * share);
          try {
            planWithin(graph, { arenaBytes });
          } catch (error) {
            expect(error).toBeInstanceOf(PlanError);
            return;
          }
          const [whole, small] = [await run(graph), await run(graph, arenaBytes)];
          expect(small.plan.arenaBytes).toBeLessThanOrEqual(arenaBytes);
          expect(small.outputs).toEqual(whole.outputs);
          expect(small.after).toEqual(whole.after);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes a view of what came back anew', async () => {
    const graph = trace(() => {
      const x = input('x', [64]);
      const early = tanh(x);
      const view = reshape(early, [8, 8]);
      const first = scale(view, 2);
      // Two more tensors at once than before: the early one has to wait elsewhere.
      const late = add(first, tanh(first));
      return { y: scale(reshape(view, [4, 16]), 3), z: reshape(late, [64]) };
    });
    const whole = await run(graph);
    const { outputs, plan } = await run(graph, whole.plan.arenaBytes - 256);
    expect(plan.hostBytes).toBe(256);
    expect(outputs).toEqual(whole.outputs);
  });

  it('moves what waits for a single node', async () => {
    const graph = trace(() => {
      const wide = tanh(input('a', [8, 64]));
      const waits = tanh(input('x', [8, 8]));
      return { y: add(waits, matmul(wide, input('b', [64, 8]))) };
    });
    const whole = await run(graph);
    // Everything but what waits while the product is taken.
    const { outputs, plan } = await run(graph, whole.plan.arenaBytes - 256);
    expect(plan.hostBytes).toBe(256);
    expect(outputs).toEqual(whole.outputs);
  });

  it('leaves a graph that fits as it is, and refuses one that cannot', () => {
    const graph = smallNetwork(dense());
    const { arenaBytes } = planMemory(graph);
    expect(spill(graph, { arenaBytes })).toBe(graph);
    expect(() => spill(graph, { arenaBytes: 1024 })).toThrow(PlanError);
    expect(() => spill(graph, { arenaBytes: 1024 })).toThrow(/needs .* at once.* 1.00 KiB/);
    const backend = createReferenceBackend({ arenaBytes: 1024 });
    expect(backend.plan(graph).arenaBytes).toBe(arenaBytes);
    for (const bytes of [0, -1, 2 ** 33, Number.NaN])
      expect(() => createReferenceBackend({ arenaBytes: bytes })).toThrow(UsageError);
  });

  it('refuses a graph that reads the host store as if it were the device', () => {
    const build = (read: (host: Value) => Value) =>
      trace(() => ({ y: read(copyToHost(input('x', [3]))) }));
    expect(planMemory(build(copyFromHost)).hostBytes).toBe(64);
    expect(() => planMemory(build((host) => host))).toThrow(/copyFromHost/);
    expect(() => planMemory(build((host) => scale(host, 2)))).toThrow(UsageError);
  });
});
