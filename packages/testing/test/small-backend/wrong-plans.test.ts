import {
  type Allocation,
  add,
  constant,
  dense,
  type Graph,
  input,
  type MemoryPlan,
  planMemory,
  scale,
  type TensorData,
  trace,
} from '@sketchgrad/core';
import { expect, it } from 'vitest';
import { encoderInputs, encoderParameters, encoderStep } from '../../src/graphs/encoder.js';
import type { Given } from '../../src/run.js';
import { SmallDevice } from '../../src/small-backend/device.js';
import { SmallExecutable } from '../../src/small-backend/executable.js';
import { SmallState } from '../../src/small-backend/state.js';

const options = { batch: 2, sequence: 5, estimator: dense(), finish: 'gradients' } as const;
const encoder = encoderStep(options);
const given = { inputs: encoderInputs(options, 0), state: encoderParameters(encoder) };

const device = () => new SmallDevice(14 * 1024, 2 ** 20);
const planned = (graph: Graph) => planMemory(graph, device().planOptions);

/** Compiles a graph by any plan, however wrong. */
async function compiled(graph: Graph, plan: MemoryPlan, before: NonNullable<Given['state']>) {
  const own = device();
  const state = new SmallState(own);
  const executable = new SmallExecutable({ graph, plan, state, device: own });
  for (const [name, data] of Object.entries(before)) await state.write(name, data);
  return executable;
}

const outputsBy = async (plan: MemoryPlan): Promise<Record<string, TensorData>> =>
  (await compiled(encoder, plan, given.state)).run(given.inputs);

/** A plan with one allocation in another's place in the lists of what dies. */
const dyingAt = (plan: MemoryPlan, moved: Allocation, at: number | undefined): MemoryPlan => ({
  ...plan,
  dies: plan.dies.map((dying, position) => [
    ...dying.filter((one) => one !== moved),
    ...(position === at ? [moved] : []),
  ]),
});

/** A plan with one allocation where another is. */
function lyingAt(plan: MemoryPlan, moved: Allocation, { buffer, offset }: Allocation): MemoryPlan {
  const there = { ...moved, buffer, offset };
  const replace = (one: Allocation) => (one === moved ? there : one);
  return {
    ...plan,
    allocations: plan.allocations.map(replace),
    places: new Map([...plan.places].map(([value, one]) => [value, replace(one)])),
    dies: plan.dies.map((dying) => dying.map(replace)),
  };
}

const isRead = (plan: MemoryPlan, { values, last }: Allocation): boolean =>
  plan.schedule[last]!.inputs.some((value) => values.includes(value));

/** What goes unseen of some wrong plans: those that give the numbers of the right one. */
async function unseen(plans: readonly (readonly [what: string, MemoryPlan])[]): Promise<string[]> {
  const right = await outputsBy(planned(encoder));
  const missed: string[] = [];
  for (const [what, plan] of plans) {
    const outputs = await outputsBy(plan).catch((error: Error) => error);
    if (outputs instanceof Error) continue;
    const same = Object.entries(right).every(([name, data]) =>
      data.every((number, at) => Object.is(number, outputs[name]![at])),
    );
    if (same) missed.push(what);
  }
  return missed;
}

const told = ({ values: [value], first, last }: Allocation) =>
  `${value!.node.op.name} ${first}–${last}`;

it('lies in two buffers, at multiples of 256 bytes, and nothing is written over', () => {
  const plan = planned(encoder);
  expect(plan.buffers.length).toBe(2);
  for (const { offset, bytes } of plan.allocations)
    expect([offset % 256, bytes % 256]).toEqual([0, 0]);
  for (const { values } of plan.allocations)
    for (const { node } of values.slice(1)) expect(node.op.views ?? node.op.updates).toBeDefined();
});

it('sees what dies before it was read', async () => {
  const plan = planned(encoder);
  const early = plan.allocations.filter((one) => one.last > one.first && isRead(plan, one));
  expect(early.length).toBeGreaterThan(40);
  const plans = early.map((one) => [told(one), dyingAt(plan, one, one.last - 1)] as const);
  expect(await unseen(plans)).toEqual([]);
});

it('sees what never dies', async () => {
  const plan = planned(encoder);
  const living = plan.allocations.filter((one) => one.category !== 'constant');
  for (const one of living)
    await expect(outputsBy(dyingAt(plan, one, undefined))).rejects.toThrow(
      /nothing of what '.*' makes die/,
    );
});

it('sees what lies in one place at the same time', async () => {
  const plan = planned(encoder);
  const wrong = plan.allocations.flatMap((one) => {
    const other = plan.allocations.find(
      ({ first, bytes }) => first > one.first && first < one.last && bytes >= one.bytes,
    );
    return other && isRead(plan, one) ? [[told(one), lyingAt(plan, one, other)] as const] : [];
  });
  expect(wrong.length).toBeGreaterThan(10);
  expect(await unseen(wrong)).toEqual([]);
});

it('sees what is written over a constant', async () => {
  const graph = trace(() => {
    const y = add(input('x', [2]), constant(Float32Array.of(1, 2)));
    return { y: scale(y, 2) };
  });
  const plan = planned(graph);
  const [constants] = plan.allocations.filter(({ category }) => category === 'constant');
  const last = plan.places.get(graph.outputs.y!)!;
  const right = await compiled(graph, plan, {});
  const wrong = await compiled(graph, lyingAt(plan, last, constants!), {});
  const inputs = { x: Float32Array.of(1, 1) };
  const wanted = { y: Float32Array.of(4, 6) };
  expect([await right.run(inputs), await right.run(inputs)]).toEqual([wanted, wanted]);
  expect(await wrong.run(inputs)).toEqual(wanted);
  expect(await wrong.run(inputs)).not.toEqual(wanted);
});
