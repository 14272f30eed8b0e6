import { checkGraph } from '../checks/kinds.js';
import type { Graph } from '../graph/graph.js';
import type { Node } from '../graph/node.js';
import type { Value } from '../graph/value.js';
import { type Lifetime, liveBytes, packBuffers, unpacked } from './arena.js';
import { assignStorage, describe, type Storage } from './assign-storage.js';
import type {
  Allocation,
  Category,
  KeptTensor,
  MemoryPlan,
  Place,
  PlannedBuffer,
} from './memory-plan.js';
import { type PlannedDevice, type PlanOptions, plannedDevice } from './plan-options.js';
import { schedule } from './schedule.js';

/**
 * Plans a step's memory: which nodes run in which order, how long each tensor lives, and where in the
 * device's buffers, or in the host store, it lies. Inputs and constants live for the whole step;
 * persistent tensors are counted and not placed.
 *
 * @throws UsageError for what is no graph, options that there are not, or where a tensor in the host
 * store is read as if it were on the device, or a constant is changed in place; PlanError, with the numbers, for a tensor that is larger
 * than a buffer of the device may be
 */
export function planMemory(graph: Graph, options: PlanOptions = {}): MemoryPlan {
  checkGraph('planMemory: graph', graph);
  const device = plannedDevice('planMemory', options);
  const order = schedule(graph);
  const persistentBytes = graph.persistents.map(({ value }) =>
    device.bytesOf(value, () => describe(value)),
  );
  const tensors = [...new Set(assignStorage(graph, order, device).values())];
  const work = scratchStorage(order, device);
  const all = [...tensors, ...work.values()];
  const { allocations, buffers, live } = allocate(all, order.length, device);

  const places = new Map<Value, Allocation>();
  for (const each of allocations) for (const value of each.values) places.set(value, each);
  const scratch = new Map(
    [...work.keys()].map((node, index) => [node, allocations[tensors.length + index]!]),
  );
  const dies: Allocation[][] = Array.from({ length: Math.max(order.length, 1) }, () => []);
  for (const each of allocations) if (each.category !== 'constant') dies[each.last]!.push(each);

  const peakAt = live.indexOf(live.reduce((a, b) => Math.max(a, b), 0));
  const categories = { ...NO_BYTES };
  graph.persistents.forEach(({ kind }, index) => {
    categories[kind] += persistentBytes[index]!;
  });
  for (const { space, first, last, bytes, category } of all)
    if (space === 'device' && first <= peakAt && peakAt <= last) categories[category] += bytes;

  const kept = keptTensors(all);
  const [arenaBytes, hostBytes] = (['device', 'host'] as const).map((space) =>
    sum(buffers.filter((buffer) => buffer.space === space)),
  ) as [number, number];
  const held = persistentBytes.reduce((total, bytes) => total + bytes, 0);
  return {
    ...{ schedule: order, buffers, allocations, places, scratch, dies },
    ...{ constants: graph.constants, persistentBytes: held, arenaBytes, hostBytes },
    largestLiveBytes: live[peakAt] ?? 0,
    peakBytes: held + arenaBytes + hostBytes,
    keptBytes: sum(kept),
    kept,
    categories,
  };
}

const NO_BYTES: Readonly<Record<Category, number>> = {
  ...{ parameter: 0, optimizer: 0, accumulator: 0, statistic: 0, data: 0 },
  ...{ kept: 0, workspace: 0, input: 0, constant: 0, output: 0 },
};

const sum = (all: readonly { readonly bytes: number }[]): number =>
  all.reduce((total, { bytes }) => total + bytes, 0);

/** What kernels work in while they run, by node. */
function scratchStorage(order: readonly Node[], device: PlannedDevice): Map<Node, Storage> {
  const storages = new Map<Node, Storage>();
  order.forEach((node, at) => {
    const bytes = device.scratchOf(node);
    if (bytes === 0) return;
    const [category, space] = ['workspace', 'device'] as const;
    storages.set(node, { bytes, first: at, last: at, category, space, values: [], pinned: false });
  });
  return storages;
}

/** Places each storage in a buffer of its space; `live` are the device's bytes by position. */
function allocate(all: readonly Storage[], positions: number, device: PlannedDevice) {
  const buffers: PlannedBuffer[] = [];
  const places = new Map<Lifetime, Place>();
  const [live] = (['device', 'host'] as const).map((space) => {
    const own = all.filter((storage) => storage.space === space);
    const bytes = liveBytes(own, Math.max(positions, 1));
    const most = bytes.reduce((a, b) => Math.max(a, b), 0);
    const limit = space === 'device' ? device.maxBufferBytes : Number.POSITIVE_INFINITY;
    const packed = device.apart ? unpacked(own, most) : packBuffers(own, most, limit);
    own.forEach((storage, at) => {
      const buffer = buffers.length + packed.buffers[at]!;
      places.set(storage, { buffer, offset: packed.offsets[at]! });
    });
    buffers.push(...packed.sizes.map((size) => ({ space, bytes: size })));
    return bytes;
  });
  const allocations: Allocation[] = all.map((storage) => {
    const { space, bytes, first, last, category, values } = storage;
    const { buffer, offset } = places.get(storage)!;
    return { space, buffer, offset, bytes, first, last, category, values };
  });
  return { allocations, buffers, live: live! };
}

function keptTensors(storages: readonly Storage[]): KeptTensor[] {
  return storages.flatMap(({ kept, bytes, space }) => {
    if (!kept) return [];
    // What waits in the host store was made by the op before the copy.
    const { op, scope } = (space === 'host' ? kept.node.inputs[0]! : kept).node;
    return [{ value: kept, bytes, space, op: op.name, scope }];
  });
}
