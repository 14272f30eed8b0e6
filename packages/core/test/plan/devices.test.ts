import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byteLength,
  type Graph,
  input,
  type MemoryPlan,
  matmul,
  type Node,
  PlanError,
  type PlanOptions,
  parameter,
  planMemory,
  planWithin,
  printPlan,
  RECOMPUTE_MODES,
  recompute,
  scope,
  sum,
  type TensorType,
  tanh,
  trace,
  type Value,
} from '../../src/index.js';
import { ReferenceExecutable } from '../../src/reference/executable.js';
import { ReferenceState } from '../../src/reference/state.js';
import { checkPlan } from '../support/check-plan.js';
import { draw } from '../support/draw.js';
import { randomGraph } from '../support/random-graph.js';
import { runApart } from '../support/run-apart.js';

const fours = (size: number): number => 4 * Math.ceil(size / 4);
const padded = (shape: readonly number[]): number => shape.reduce((n, size) => n * size, 4);

/** How a device may hold tensors. */
const STORAGES: Readonly<Record<string, (type: TensorType) => number>> = {
  words: byteLength,
  doubles: (type) => 2 * byteLength(type),
  // Fours of the last or of the first axis, as textures hold them.
  rows: ({ shape }) => padded([...shape.slice(0, -1), fours(shape.at(-1) ?? 1)]),
  columns: ({ shape }) => padded([fours(shape[0] ?? 1), ...shape.slice(1)]),
};

const OVERWRITES: Readonly<Record<string, (node: Node) => boolean>> = {
  all: () => true,
  none: () => false,
  some: ({ id }) => id % 3 !== 0,
};

/** A device, and how many of its largest tensor one of its buffers holds. */
const device = fc.record({
  alignment: fc.constantFrom(4, 16, 64, 256),
  storage: fc.constantFrom(...Object.keys(STORAGES)),
  overwrites: fc.constantFrom(...Object.keys(OVERWRITES)),
  scratch: fc.nat(300),
  tensors: fc.option(fc.integer({ min: 1, max: 4 })),
});

type Device = typeof device extends fc.Arbitrary<infer D> ? D : never;

function optionsFor(
  graph: Graph,
  { alignment, storage, overwrites, scratch, tensors }: Device,
): PlanOptions {
  const storageBytes = STORAGES[storage]!;
  const types = graph.nodes.flatMap(({ outputs }) => outputs);
  const largest = Math.max(scratch, ...types.map(storageBytes));
  return {
    ...{ alignment, storageBytes, mayOverwrite: OVERWRITES[overwrites]! },
    scratchBytes: ({ id }) => (id % 2 ? scratch : 0),
    ...(tensors && { maxBufferBytes: tensors * Math.ceil(largest / alignment) * alignment }),
  };
}

/** Two runs of a plan give what memory of its own for each value would, and leave the same state. */
async function checkRuns(graph: Graph, plan: MemoryPlan): Promise<void> {
  const state = new ReferenceState('f64');
  const executable = new ReferenceExecutable(graph, plan, state);
  const numbers = ({ shape }: TensorType, seed: number) =>
    draw(
      shape.reduce((n, size) => n * size, 1),
      seed,
    );
  for (const { name, value } of graph.persistents)
    await state.writeFloat64(name, numbers(value, name.length));
  for (const seed of [1, 2]) {
    const inputs = Object.fromEntries(
      graph.inputs.map(({ name, value }) => [name, numbers(value, seed)]),
    );
    const leaves: Record<string, Float64Array> = { ...inputs };
    for (const { name } of graph.persistents) leaves[name] = await state.readFloat64(name);
    expect(await executable.runFloat64(inputs)).toEqual(runApart(graph, leaves));
  }
}

describe('plans for any device', () => {
  it('overlap nowhere, stay within its buffers, free all once, and run to the same bits', async () => {
    let several = 0;
    await fc.assert(
      fc.asyncProperty(
        randomGraph,
        device,
        fc.constantFrom(...RECOMPUTE_MODES),
        async (traced, one, mode) => {
          const graph = recompute(traced, mode);
          const options = optionsFor(graph, one);
          const plan = planMemory(graph, options);
          checkPlan(graph, plan, options);
          await checkRuns(graph, plan);
          if (plan.buffers.length > 1) several++;
        },
      ),
      { numRuns: 300 },
    );

    expect(several).toBeGreaterThan(30);
  });

  it('do so with tensors that wait in the host store', async () => {
    let moved = 0;
    await fc.assert(
      fc.asyncProperty(randomGraph, device, async (traced, one) => {
        const options = optionsFor(traced, one);
        const whole = planMemory(traced, options).arenaBytes;
        for (const share of [0.95, 0.85, 0.7]) {
          let fitted: ReturnType<typeof planWithin>;
          try {
            fitted = planWithin(traced, { ...options, arenaBytes: share * whole });
          } catch (error) {
            expect(error).toBeInstanceOf(PlanError);
            return;
          }
          expect(fitted.plan.arenaBytes).toBeLessThanOrEqual(share * whole);
          checkPlan(fitted.graph, fitted.plan, options);
          await checkRuns(fitted.graph, fitted.plan);
          if (fitted.plan.hostBytes > 0) moved++;
        }
      }),
      { numRuns: 250 },
    );

    expect(moved).toBeGreaterThan(5);
  });

  it.each<[string, () => Record<string, Value>, string]>([
    ['an input', () => ({ y: sum(input('x', [8, 9])) }), "'x', f32 [8, 9],"],
    [
      'a result',
      () => ({ y: scope('layer', () => matmul(input('x', [9, 1]), input('y', [1, 8]))) }),
      "what 'matmul' makes in layer, f32 [9, 8],",
    ],
    ['a parameter', () => ({ y: sum(parameter('w', [8, 9])) }), "'w', f32 [8, 9],"],
  ])('refuse %s that no buffer holds, with the numbers', (_, build, what) => {
    const error = thrown(trace(build), { maxBufferBytes: 256 });
    expect(error.message).toContain(`${what} takes 288 B; one buffer of the device takes 256 B`);
    expect(error).toMatchObject({ neededBytes: 288, limitBytes: 256 });
    expect(() => planMemory(trace(build), { maxBufferBytes: 320 })).not.toThrow();
  });

  it('refuse what a kernel works in where no buffer holds it, with the numbers', () => {
    const graph = trace(() => ({ y: tanh(input('x', [2])) }));
    const error = thrown(graph, { maxBufferBytes: 256, scratchBytes: () => 300 });
    expect(error.message).toMatch(/^what 'tanh' works in takes 300 B; one buffer/);
    expect(error).toMatchObject({ neededBytes: 300, limitBytes: 256 });
  });

  it('say how many buffers there are', () => {
    const graph = trace(() => ({ y: tanh(input('x', [64])), z: tanh(input('x2', [64])) }));
    expect(printPlan(planMemory(graph, { maxBufferBytes: 512 }))).toMatch(
      /^arena .*, in 2 buffers of 512 B at most$/m,
    );
    expect(printPlan(planMemory(graph))).not.toContain('buffers');
  });

  it('refuse inputs that the arena has no room for where nothing runs', () => {
    const graph = trace(() => ({ x: input('x', [64]) }));
    expect(() => planWithin(graph, { arenaBytes: 128 })).toThrow(
      /^what is handed in takes 256 B at once.*may take 128 B/,
    );
  });
});

/** The error that planning throws. */
function thrown(graph: Graph, options: PlanOptions): PlanError {
  try {
    planMemory(graph, options);
  } catch (error) {
    expect(error).toBeInstanceOf(PlanError);
    return error as PlanError;
  }
  throw new Error('nothing was thrown');
}
