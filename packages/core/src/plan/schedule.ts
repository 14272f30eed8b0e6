import type { Graph } from '../graph/graph.js';
import { isLeaf } from '../graph/leaves.js';
import type { Node } from '../graph/node.js';

/** Whether a node changes a tensor in place. */
const isUpdate = ({ op }: Node): boolean => op.updates !== undefined;

/**
 * The nodes that a run has to execute, in traced order: those that an output or an update in place
 * depends on. Traced order is already a good one: reverse mode emits a weight's gradient and its
 * update before the next layer's, and recomputation is placed right before its first use.
 */
export function schedule(graph: Graph): Node[] {
  const live = new Set<Node>();
  const pending = [
    ...Object.values(graph.outputs).map((value) => value.node),
    ...graph.nodes.filter(isUpdate),
  ];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (live.has(node)) continue;
    live.add(node);
    for (const value of node.inputs) pending.push(value.node);
  }
  return graph.nodes.filter((node) => live.has(node) && !isLeaf(node));
}
