import { expect } from 'vitest';
import { sharedInput } from '../../src/graph/root-of.js';
import {
  ALIGNMENT,
  type Allocation,
  elements,
  type Graph,
  type MemoryPlan,
  type PlanOptions,
} from '../../src/index.js';
import { conflict } from '../../src/plan/arena.js';

/** Expects of a plan what all that follow it rely on. */
export function checkPlan(graph: Graph, plan: MemoryPlan, options: PlanOptions = {}): void {
  checkBuffers(plan, options);
  checkSums(graph, plan, options);
  checkSharing(plan, options);
  checkDeaths(graph, plan);
}

/** No two live tensors overlap; all is aligned, and within buffers that are no larger than may be. */
function checkBuffers(
  { allocations, buffers }: MemoryPlan,
  { alignment = ALIGNMENT, maxBufferBytes = Number.POSITIVE_INFINITY }: PlanOptions,
): void {
  const ends = buffers.map(() => 0);
  for (const [i, a] of allocations.entries()) {
    expect(a.offset % alignment).toBe(0);
    expect(a.bytes % alignment).toBe(0);
    expect(buffers[a.buffer]!.space).toBe(a.space);
    ends[a.buffer] = Math.max(ends[a.buffer]!, a.offset + a.bytes);
    for (const b of allocations.slice(i + 1)) expect(conflict(a, b)).toBe(false);
  }
  expect(buffers.map(({ bytes }) => bytes)).toEqual(ends);
  for (const { space, bytes } of buffers)
    if (space === 'device') expect(bytes).toBeLessThanOrEqual(maxBufferBytes);
  const limited = maxBufferBytes !== Number.POSITIVE_INFINITY;
  if (!limited) expect(buffers.length).toBeLessThanOrEqual(2);
}

function checkSums(graph: Graph, plan: MemoryPlan, options: PlanOptions): void {
  const { alignment = ALIGNMENT, storageBytes = (type) => 4 * elements(type) } = options;
  const bytesIn = (space: string) =>
    sum(plan.buffers.filter((buffer) => buffer.space === space).map(({ bytes }) => bytes));
  expect(plan.arenaBytes).toBe(bytesIn('device'));
  expect(plan.hostBytes).toBe(bytesIn('host'));
  expect(plan.persistentBytes).toBe(
    sum(
      graph.persistents.map(({ value }) => Math.ceil(storageBytes(value) / alignment) * alignment),
    ),
  );
  expect(plan.arenaBytes).toBeGreaterThanOrEqual(plan.largestLiveBytes);
  expect(plan.peakBytes).toBe(plan.arenaBytes + plan.hostBytes + plan.persistentBytes);
  expect(sum(Object.values(plan.categories))).toBe(plan.largestLiveBytes + plan.persistentBytes);
  expect(plan.keptBytes).toBe(sum(plan.kept.map(({ bytes }) => bytes)));
  for (const { values, bytes } of plan.allocations)
    for (const value of values) expect(bytes).toBeGreaterThanOrEqual(storageBytes(value));
}

/** An output lies where an input does as a view or update, or where its kernel may overwrite it. */
function checkSharing(
  { schedule, places, allocations }: MemoryPlan,
  { mayOverwrite = () => true }: PlanOptions,
): void {
  for (const each of allocations)
    for (const value of each.values) expect(places.get(value)).toBe(each);
  for (const node of schedule)
    for (const output of node.outputs) {
      const place = places.get(output);
      const over = node.inputs.flatMap((value, at) => (places.get(value) === place ? [at] : []));
      if (!place || sharedInput(output) || over.length === 0) continue;
      expect(mayOverwrite(node)).toBe(true);
      expect(output.index).toBe(0);
      // What is written over is read there alone.
      expect(over).toHaveLength(1);
      expect(node.op.overwrites).toContain(over[0]);
    }
}

/**
 * A device that allocates what begins at a position, and after it frees what dies there: whatever a
 * node reads and writes is there, nothing is freed twice, and only constants are there in the end.
 */
function checkDeaths(graph: Graph, plan: MemoryPlan): void {
  const { schedule, places, allocations, dies, constants, largestLiveBytes } = plan;
  expect(constants).toEqual(graph.constants);
  expect(dies).toHaveLength(Math.max(schedule.length, 1));
  const alive = new Set<Allocation>();
  let most = 0;
  for (const [at, dying] of dies.entries()) {
    for (const each of allocations) if (each.first === at) alive.add(each);
    most = Math.max(most, sum([...alive].map((one) => (one.space === 'device' ? one.bytes : 0))));
    const { inputs = [], outputs = [] } = schedule[at] ?? {};
    for (const value of [...inputs, ...outputs]) {
      const place = places.get(value);
      if (place) expect(alive.has(place), `${value.label} at ${at}`).toBe(true);
    }
    const scratch = schedule[at] && plan.scratch.get(schedule[at]);
    if (scratch) expect(alive.has(scratch)).toBe(true);
    if (at === dies.length - 1)
      for (const value of Object.values(graph.outputs)) {
        const place = places.get(value);
        if (place) expect(alive.has(place), `${value.label}, to be read back`).toBe(true);
      }
    for (const each of dying) expect(alive.delete(each)).toBe(true);
  }
  expect(most).toBe(largestLiveBytes);
  expect(alive).toEqual(new Set(graph.constants.map(({ value }) => places.get(value)!)));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
