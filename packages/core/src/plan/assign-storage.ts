import { UsageError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { isLeaf, isPersistent } from '../graph/leaves.js';
import type { Node } from '../graph/node.js';
import { rootOf, sharedInput, updatedRoots } from '../graph/root-of.js';
import { elements, formatType } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { COPY_FROM_HOST } from '../ops/copy-from-host.js';
import type { Lifetime } from './arena.js';
import type { Category, Space } from './memory-plan.js';
import { type PlannedDevice, where } from './plan-options.js';

/** Memory that a set of values shares. */
export interface Storage extends Lifetime {
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

/** What is known while storage is assigned. */
interface Assigned {
  readonly storages: ReadonlyMap<Value, Storage>;
  readonly lastUse: ReadonlyMap<Value, number>;
  readonly device: PlannedDevice;
}

/**
 * One storage for each set of values that share memory, with its lifetime in the schedule.
 * @throws PlanError for a tensor that no buffer holds; UsageError where one in the host store is read
 * as if it were on the device, or a constant changed in place
 */
export function assignStorage(
  graph: Graph,
  order: readonly Node[],
  device: PlannedDevice,
): Map<Value, Storage> {
  const storages = new Map<Value, Storage>();
  const end = Math.max(order.length - 1, 0);
  const pin = (value: Value, category: Category) => {
    const bytes = device.bytesOf(value, () => describe(value));
    const [first, space] = [0, 'device'] as const;
    storages.set(value, {
      bytes,
      first,
      last: end,
      category,
      space,
      values: [value],
      pinned: true,
    });
  };
  for (const { value } of graph.inputs) pin(value, 'input');
  for (const { value } of graph.constants) pin(value, 'constant');

  const lastUse = lastUses(graph, order);
  const returned = new Set(Object.values(graph.outputs));
  order.forEach((node, at) => {
    checkSpaces(node, returned);
    checkUpdates(node, storages);
    for (const output of node.outputs) {
      const space = node.op.space ?? 'device';
      const bytes = device.bytesOf(output, () => describe(output), space);
      const shared = sharedStorage(output, at, { storages, lastUse, device });
      const last = returned.has(output) ? end : Math.max(lastUse.get(output) ?? at, at);
      if (shared === 'persistent') continue;
      if (shared) {
        shared.values.push(output);
        shared.bytes = Math.max(shared.bytes, bytes);
        shared.last = Math.max(shared.last, last);
        if (returned.has(output)) {
          shared.pinned = true;
          if (shared.category === 'workspace') shared.category = 'output';
        }
        storages.set(output, shared);
        continue;
      }
      const category = returned.has(output) ? 'output' : 'workspace';
      storages.set(output, {
        bytes,
        first: at,
        last,
        category,
        space,
        values: [output],
        pinned: returned.has(output),
      });
    }
    for (const value of node.inputs) {
      const storage = storages.get(value);
      if (!storage) continue;
      storage.last = Math.max(storage.last, at);
      const crosses =
        node.stage !== 'forward' && value.node.stage === 'forward' && !isLeaf(value.node);
      if (!crosses || (storage.category !== 'workspace' && storage.category !== 'output')) continue;
      storage.category = 'kept';
      storage.kept = value;
    }
  });
  return storages;
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

/** Constants are uploaded once, for all runs. @throws UsageError where one is changed in place */
function checkUpdates(node: Node, storages: ReadonlyMap<Value, Storage>): void {
  if (!node.op.updates) return;
  if (updatedRoots(node).some((root) => storages.get(root)?.category === 'constant'))
    throw new UsageError(
      `'${node.op.name}'${where(node)} changes a constant in place, which is the same in every run: have it change a persistent tensor`,
    );
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
 * The storage that an output shares: that of the input it is a view or an update of, or of one that
 * dies here and may be overwritten.
 */
function sharedStorage(
  output: Value,
  at: number,
  { storages, lastUse, device }: Assigned,
): Storage | 'persistent' | undefined {
  const { node, index } = output;
  if (sharedInput(output)) {
    const root = rootOf(output);
    return isPersistent(root) ? 'persistent' : storages.get(root);
  }
  if (index !== 0 || !node.op.overwrites?.length || !device.mayOverwrite(node)) return undefined;
  for (const input of node.op.overwrites) {
    const value = node.inputs[input]!;
    const storage = storages.get(value);
    if (!storage || storage.pinned) continue;
    if (elements(value) !== elements(output)) continue;
    const dies = storage.values.every((other) => (lastUse.get(other) ?? -1) <= at);
    const readTwice = node.inputs.some(
      (other, i) => i !== input && storages.get(other) === storage,
    );
    if (dies && !readTwice && storage.category === 'workspace') return storage;
  }
  return undefined;
}

/** A tensor in an error's words. */
export function describe(value: Value): string {
  const { node } = value;
  const name = isLeaf(node) ? `'${node.attributes.name}'` : `what '${node.op.name}' makes`;
  return `${name}${where(node)}, ${formatType(value)},`;
}
