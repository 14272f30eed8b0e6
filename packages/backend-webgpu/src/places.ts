import {
  BackendError,
  byteLength,
  type Graph,
  isPersistent,
  type MemoryPlan,
  type Node,
  rootOf,
  type Value,
} from '@sketchgrad/core';
import type { Device } from './device.js';
import type { Range } from './lowering.js';
import type { WebgpuState } from './state.js';

/** What an executable is made of. */
export interface Compiled {
  readonly graph: Graph;
  readonly plan: MemoryPlan;
  readonly state: WebgpuState;
  readonly device: Device;
}

/** Where a value of a graph lies, by its plan. @throws BackendError for a value that has no place */
export function rangeOf({ plan, state, device }: Compiled, value: Value): Range {
  const root = rootOf(value);
  if (isPersistent(root)) return state.range(root.node.attributes.name as string);
  const place = plan.places.get(value);
  if (!place) throw new BackendError(`the plan gives ${value.label} no place`);
  const { buffer, offset } = place;
  return { slot: device.arena.slot(buffer), offset, bytes: byteLength(value) };
}

/** Where a node's pieces of memory to work in lie, one behind the other. */
export function scratchOf(
  { plan, device }: Compiled,
  node: Node,
  pieces: readonly number[],
): readonly Range[] {
  const place = plan.scratch.get(node);
  let offset = place?.offset ?? 0;
  return pieces.map((bytes) => {
    if (bytes === 0) return { ...device.nothing(0), bytes };
    const range = { slot: device.arena.slot(place!.buffer), offset, bytes };
    offset += device.aligned(bytes);
    return range;
  });
}
