import type { CsrGraph } from '@sketchgrad/core';

/** The nodes of a graph, breadth first from the lowest node of each component: [nodes]. */
export function breadthFirstOrder({ nodes, rowPointers, columnIndices }: CsrGraph): Int32Array {
  const order = new Int32Array(nodes);
  const seen = new Uint8Array(nodes);
  let end = 0;
  let next = 0;
  const reach = (node: number) => {
    if (seen[node]) return;
    seen[node] = 1;
    order[end++] = node;
  };
  for (let root = 0; root < nodes; root++) {
    reach(root);
    for (; next < end; next++) {
      const node = order[next]!;
      for (let entry = rowPointers[node]!; entry < rowPointers[node + 1]!; entry++) {
        reach(columnIndices[entry]!);
      }
    }
  }
  return order;
}
