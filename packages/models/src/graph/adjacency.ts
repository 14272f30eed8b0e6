import { type CsrGraph, UsageError } from '@sketchgrad/core';
import { checkGraph } from '../checks/kinds.js';

/** A symmetric sparse matrix, [nodes, nodes], in compressed rows. */
export interface AdjacencyMatrix extends CsrGraph {
  /** f32 [entries] */
  readonly values: Float32Array;
}

/**
 * D^−½ (A + I) D^−½, where D has the degrees of A + I: what graph convolutions multiply by
 * (arXiv 1609.02907, equation 2). Columns stay ascending, each node's own among them.
 *
 * @throws UsageError for row pointers that do not fit the nodes and columns, a self-loop, or a
 * column that is no node
 */
export function normalizedAdjacency(graph: CsrGraph): AdjacencyMatrix {
  checkGraph('graph', graph);
  checkStructure(graph);
  const { nodes, rowPointers, columnIndices } = graph;
  const scales = Float64Array.from(
    { length: nodes },
    (_, node) => 1 / Math.sqrt(rowPointers[node + 1]! - rowPointers[node]! + 1),
  );
  const entries = columnIndices.length + nodes;
  const pointers = new Int32Array(nodes + 1);
  const columns = new Int32Array(entries);
  const values = new Float32Array(entries);
  let next = 0;
  for (let row = 0; row < nodes; row++) {
    const put = (column: number) => {
      columns[next] = column;
      values[next++] = scales[row]! * scales[column]!;
    };
    let own = false;
    for (let entry = rowPointers[row]!; entry < rowPointers[row + 1]!; entry++) {
      const column = columnIndices[entry]!;
      if (column === row)
        throw new UsageError(`node ${row} has a self-loop; graphs are given without`);
      if (!own && column > row) {
        put(row);
        own = true;
      }
      put(column);
    }
    if (!own) put(row);
    pointers[row + 1] = next;
  }
  return { nodes, rowPointers: pointers, columnIndices: columns, values };
}

function checkStructure({ nodes, rowPointers, columnIndices }: CsrGraph): void {
  if (rowPointers.length !== nodes + 1 || rowPointers[nodes] !== columnIndices.length)
    throw new UsageError(
      `a graph of ${nodes} nodes has ${rowPointers.length} row pointers up to ` +
        `${rowPointers.at(-1)}; expected ${nodes + 1} of them, up to the ${columnIndices.length} columns`,
    );
  const wrong = columnIndices.findIndex((column) => !(column >= 0 && column < nodes));
  if (wrong >= 0)
    throw new UsageError(
      `entry ${wrong} of the graph leads to node ${columnIndices[wrong]}; there are 0 to ${nodes - 1}`,
    );
}
