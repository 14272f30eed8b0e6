import { checkAmount, checkFunction } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { checkGraph } from '../checks/kinds.js';
import { UsageError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { isLeaf, isPersistent } from '../graph/leaves.js';
import type { Node } from '../graph/node.js';
import { rootOf, sharedInput } from '../graph/root-of.js';
import { byteLength, elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { COPY_FROM_HOST } from '../ops/copy-from-host.js';
import { type Lifetime, liveBytes, packArena } from './arena.js';
import {
  type Allocation,
  alignUp,
  type Category,
  type KeptTensor,
  type MemoryPlan,
  type Space,
} from './memory-plan.js';
import { schedule } from './schedule.js';

/** What a backend tells the planner. */
export interface PlanOptions {
  /** Bytes of scratch memory that the backend's kernel for a node needs while it runs; default 0. */
  readonly scratchBytes?: (node: Node) => number;
}

interface Buffer extends Lifetime {
  bytes: number;
  first: number;
  last: number;
  category: Category;
  readonly space: Space;
  readonly values: Value[];
  /** Which of the values the backward pass reads. */
  kept?: Value;
  /** The schedule reads it to the end: an input or constant, or what the caller reads back. */
  pinned: boolean;
}

/**
 * Plans a step's memory: which nodes run in which order, how long each tensor lives, and where in
 * one arena, or in the host store, it lies. Inputs and constants live for the whole step; persistent tensors are counted
 * and not placed.
 *
 * @throws UsageError for what is no graph, options that there are not, or where a tensor in the host
 * store is read as if it were on the device
 */
export function planMemory(graph: Graph, options: PlanOptions = {}): MemoryPlan {
  checkGraph('planMemory: graph', graph);
  checkOptions('planMemory', options, { scratchBytes: checkFunction });
  const { scratchBytes = () => 0 } = options;
  const order = schedule(graph);
  const buffers = assignBuffers(graph, order);
  const all = [...new Set(buffers.values())];
  const scratchNodes: { node: Node; lifetime: Buffer }[] = [];
  order.forEach((node, at) => {
    const scratch = scratchBytes(node);
    checkAmount(`what scratchBytes gives for '${node.op.name}'`, scratch);
    const bytes = alignUp(scratch);
    if (bytes === 0) return;
    const lifetime: Buffer = {
      bytes,
      first: at,
      last: at,
      category: 'workspace',
      space: 'device',
      values: [],
      pinned: false,
    };
    scratchNodes.push({ node, lifetime });
    all.push(lifetime);
  });

  const device = all.filter(({ space }) => space === 'device');
  const host = all.filter(({ space }) => space === 'host');
  const positions = Math.max(order.length, 1);
  const live = liveBytes(device, positions);
  const peakAt = live.indexOf(live.reduce((a, b) => Math.max(a, b), 0));
  const largestLiveBytes = live[peakAt] ?? 0;
  const arena = packArena(device, largestLiveBytes);
  const store = packArena(
    host,
    liveBytes(host, positions).reduce((a, b) => Math.max(a, b), 0),
  );

  const places = new Map<Lifetime, number>();
  for (const [i, buffer] of device.entries()) places.set(buffer, arena.offsets[i]!);
  for (const [i, buffer] of host.entries()) places.set(buffer, store.offsets[i]!);
  const allocations: Allocation[] = all.map((buffer) => {
    const { pinned: _, kept: __, ...rest } = buffer;
    return { ...rest, offset: places.get(buffer)! };
  });
  const offsets = new Map<Value, number>();
  for (const { values, offset } of allocations)
    for (const value of values) offsets.set(value, offset);
  const scratch = new Map(
    scratchNodes.map(({ node, lifetime }) => [
      node,
      { offset: places.get(lifetime)!, bytes: lifetime.bytes },
    ]),
  );

  const categories: Record<Category, number> = {
    parameter: 0,
    optimizer: 0,
    accumulator: 0,
    statistic: 0,
    data: 0,
    kept: 0,
    workspace: 0,
    input: 0,
    constant: 0,
    output: 0,
  };
  let persistentBytes = 0;
  for (const { kind, value } of graph.persistents) {
    const bytes = alignUp(byteLength(value));
    categories[kind] += bytes;
    persistentBytes += bytes;
  }
  for (const { first, last, bytes, category } of device)
    if (first <= peakAt && peakAt <= last) categories[category] += bytes;

  const kept = keptTensors(all);
  return {
    schedule: order,
    allocations,
    offsets,
    scratch,
    persistentBytes,
    arenaBytes: arena.size,
    hostBytes: store.size,
    largestLiveBytes,
    peakBytes: persistentBytes + arena.size + store.size,
    keptBytes: kept.reduce((sum, { bytes }) => sum + bytes, 0),
    kept,
    categories,
  };
}

function keptTensors(buffers: readonly Buffer[]): KeptTensor[] {
  return buffers.flatMap(({ kept, bytes, space }) => {
    if (!kept) return [];
    // What waits in the host store was made by the op before the copy.
    const { op, scope } = (space === 'host' ? kept.node.inputs[0]! : kept).node;
    return [{ value: kept, bytes, space, op: op.name, scope }];
  });
}

/** One buffer for each set of values that share memory, with its lifetime in the schedule. */
function assignBuffers(graph: Graph, order: readonly Node[]): Map<Value, Buffer> {
  const buffers = new Map<Value, Buffer>();
  const end = Math.max(order.length - 1, 0);
  const pin = (value: Value, category: Category) => {
    const bytes = alignUp(byteLength(value));
    const [first, space] = [0, 'device'] as const;
    buffers.set(value, { bytes, first, last: end, category, space, values: [value], pinned: true });
  };
  for (const { value } of graph.inputs) pin(value, 'input');
  for (const { value } of graph.constants) pin(value, 'constant');

  const lastUse = lastUses(graph, order);
  const returned = new Set(Object.values(graph.outputs));
  order.forEach((node, at) => {
    checkSpaces(node, returned);
    node.outputs.forEach((output, index) => {
      const shared = sharedBuffer(node, index, at, buffers, lastUse);
      const last = returned.has(output) ? end : Math.max(lastUse.get(output) ?? at, at);
      if (shared === 'persistent') return;
      if (shared) {
        shared.values.push(output);
        shared.last = Math.max(shared.last, last);
        if (returned.has(output)) {
          shared.pinned = true;
          if (shared.category === 'workspace') shared.category = 'output';
        }
        buffers.set(output, shared);
        return;
      }
      const category = returned.has(output) ? 'output' : 'workspace';
      const bytes = alignUp(byteLength(output));
      buffers.set(output, {
        bytes,
        first: at,
        last,
        category,
        space: node.op.space ?? 'device',
        values: [output],
        pinned: returned.has(output),
      });
    });
    for (const value of node.inputs) {
      const buffer = buffers.get(value);
      if (!buffer) continue;
      buffer.last = Math.max(buffer.last, at);
      const crosses =
        node.stage !== 'forward' && value.node.stage === 'forward' && !isLeaf(value.node);
      if (!crosses || (buffer.category !== 'workspace' && buffer.category !== 'output')) continue;
      buffer.category = 'kept';
      buffer.kept = value;
    }
  });
  return buffers;
}

/** What lies in the host store is copied back before it is used. @throws UsageError otherwise */
function checkSpaces(node: Node, returned: ReadonlySet<Value>): void {
  const { op, inputs, outputs } = node;
  const stray =
    (op !== COPY_FROM_HOST && inputs.find((value) => value.node.op.space === 'host')) ||
    (op.space === 'host' && outputs.find((value) => returned.has(value)));
  if (stray)
    throw new UsageError(`${stray.label} lies in the host store: read it through copyFromHost`);
}

function lastUses(graph: Graph, order: readonly Node[]): Map<Value, number> {
  const last = new Map<Value, number>();
  order.forEach((node, at) => {
    for (const value of node.inputs) last.set(value, at);
  });
  for (const value of Object.values(graph.outputs)) last.set(value, order.length);
  return last;
}

/**
 * The buffer that an output shares: that of the input it is a view or an update of, or of one that
 * dies here and may be overwritten.
 */
function sharedBuffer(
  node: Node,
  index: number,
  at: number,
  buffers: ReadonlyMap<Value, Buffer>,
  lastUse: ReadonlyMap<Value, number>,
): Buffer | 'persistent' | undefined {
  const output = node.outputs[index]!;
  if (sharedInput(output)) {
    const root = rootOf(output);
    return isPersistent(root) ? 'persistent' : buffers.get(root);
  }
  if (index !== 0) return undefined;
  for (const input of node.op.overwrites ?? []) {
    const value = node.inputs[input]!;
    const buffer = buffers.get(value);
    if (!buffer || buffer.pinned || elements(value) !== elements(output)) continue;
    const dies = buffer.values.every((other) => (lastUse.get(other) ?? -1) <= at);
    const readTwice = node.inputs.some((other, i) => i !== input && buffers.get(other) === buffer);
    if (dies && !readTwice && buffer.category === 'workspace') return buffer;
  }
  return undefined;
}
