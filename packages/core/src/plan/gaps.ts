import type { Graph } from '../graph/graph.js';
import { isLeaf } from '../graph/leaves.js';
import type { Node } from '../graph/node.js';
import { rootOf, updatedRoots } from '../graph/root-of.js';
import type { Value } from '../graph/value.js';
import { describe } from './assign-storage.js';
import type { PlannedDevice } from './plan-options.js';

/** A tensor that nothing reads between two positions of the schedule, and its bytes. */
export interface Gap {
  readonly value: Value;
  readonly bytes: number;
  /** Position of the node that makes it or reads it last before the gap. */
  readonly from: number;
  /** Position of the node that reads it next. */
  readonly to: number;
}

/**
 * All waits of tensors that the graph makes, views counted as reads of what they show. What a caller
 * reads back, what is updated in place, and what lies in the host store stays where it is.
 */
export function findGaps(graph: Graph, schedule: readonly Node[], device: PlannedDevice): Gap[] {
  const fixed = new Set(Object.values(graph.outputs).map(rootOf));
  const uses = new Map<Value, number[]>();
  schedule.forEach((node, at) => {
    for (const value of node.inputs) uses.get(rootOf(value))?.push(at);
    for (const root of updatedRoots(node)) fixed.add(root);
    if (node.op.space === 'host') return;
    for (const value of node.outputs)
      if (rootOf(value) === value && !isLeaf(node)) uses.set(value, [at]);
  });
  return [...uses].flatMap(([value, positions]) => {
    if (fixed.has(value)) return [];
    const bytes = device.bytesOf(value, () => describe(value));
    return positions.flatMap((to, i): Gap[] => {
      const from = positions[i - 1];
      return from === undefined || to - from < 2 ? [] : [{ value, bytes, from, to }];
    });
  });
}
