import type { CsrGraph } from '@sketchgrad/core';
import { checkGraph } from './check-graph.js';

/**
 * The nodes in the order in which a breadth-first search meets them, begun at a node of least degree in
 * each connected part: Cuthill and McKee's order (1969), less the sorting of neighbours. Neighbours get
 * numbers that are near each other, so that a sparse product finds more of the rows that it sums in the
 * cache. O(nodes + edges).
 *
 * @returns i32 [nodes]: node i of the new order is the graph's `order[i]`
 */
export function breadthFirstOrder(graph: CsrGraph): Int32Array {
  checkGraph('graph', graph);
  const { nodes, rowPointers, columnIndices } = graph;
  const order = new Int32Array(nodes);
  const met = new Uint8Array(nodes);
  let found = 0;
  const meet = (node: number) => {
    if (met[node]) return;
    met[node] = 1;
    order[found++] = node;
  };
  let next = 0;
  for (const start of byDegree(rowPointers)) {
    meet(start);
    for (; next < found; next++) {
      const node = order[next]!;
      const end = rowPointers[node + 1]!;
      for (let entry = rowPointers[node]!; entry < end; entry++) meet(columnIndices[entry]!);
    }
  }
  return order;
}

/** The nodes by rising degree, of equal ones the lower first. */
function byDegree(rowPointers: Int32Array): Int32Array {
  const degree = (node: number) => rowPointers[node + 1]! - rowPointers[node]!;
  const nodes = Int32Array.from({ length: rowPointers.length - 1 }, (_, node) => node);
  return nodes.sort((one, other) => degree(one) - degree(other) || one - other);
}
