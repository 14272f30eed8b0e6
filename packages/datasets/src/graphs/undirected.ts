import { type CsrGraph, checkCount, UsageError } from '@sketchgrad/core';
import { checkIndices } from './check-graph.js';

/**
 * The undirected graph of a list of edges: each edge in both directions, an edge that is there twice
 * or in both directions counted once, self-loops left out, the neighbours of a node ascending.
 *
 * Two counting sorts, O(nodes + edges), and no comparison: the first puts the neighbours of a node
 * beside each other in the order of the list. A symmetric matrix is its own transpose, and writing the
 * transpose row by row fills every column's list in ascending order; that is the second. Duplicates
 * are then neighbours and are closed up in place. Takes 16 bytes an edge beside the list and the result.
 *
 * @param ends [edges × 2], the two ends of each edge, 0 … nodes − 1
 */
export function undirectedGraph(nodes: number, ends: Int32Array): CsrGraph {
  checkCount('nodes', nodes);
  checkIndices('ends', ends);
  const stray = ends.find((node) => node < 0 || node >= nodes);
  if (stray !== undefined || ends.length % 2 === 1)
    throw new UsageError(
      stray === undefined
        ? `ends has ${ends.length} numbers: expected two an edge`
        : `ends has the node ${stray}: expected one from 0 to ${nodes - 1}`,
    );
  const pointers = doubledPointers(nodes, ends);
  const unsorted = bothDirections(ends, pointers);
  const sorted = transposed(pointers, unsorted);
  const rowPointers = closeUp(pointers, sorted);
  return { nodes, rowPointers, columnIndices: sorted.slice(0, rowPointers[nodes]!) };
}

/** The same undirected graph with the neighbours of a node ascending. O(nodes + edges). */
export const sortedRows = ({ nodes, rowPointers, columnIndices }: CsrGraph): CsrGraph => ({
  nodes,
  rowPointers,
  columnIndices: transposed(rowPointers, columnIndices),
});

// Where each row begins while an edge that the list has twice is still there twice.
function doubledPointers(nodes: number, ends: Int32Array): Int32Array {
  const pointers = new Int32Array(nodes + 1);
  for (let edge = 0; edge < ends.length; edge += 2) {
    const source = ends[edge]!;
    const target = ends[edge + 1]!;
    if (source === target) continue;
    pointers[source + 1]! += 1;
    pointers[target + 1]! += 1;
  }
  for (let node = 0; node < nodes; node++) pointers[node + 1]! += pointers[node]!;
  return pointers;
}

function bothDirections(ends: Int32Array, pointers: Int32Array): Int32Array {
  const free = pointers.slice();
  const columns = new Int32Array(pointers.at(-1)!);
  for (let edge = 0; edge < ends.length; edge += 2) {
    const source = ends[edge]!;
    const target = ends[edge + 1]!;
    if (source === target) continue;
    columns[free[source]!++] = target;
    columns[free[target]!++] = source;
  }
  return columns;
}

function transposed(pointers: Int32Array, columns: Int32Array): Int32Array {
  const free = pointers.slice();
  const result = new Int32Array(columns.length);
  for (let row = 0; row + 1 < pointers.length; row++) {
    for (let entry = pointers[row]!; entry < pointers[row + 1]!; entry++) {
      result[free[columns[entry]!]!++] = row;
    }
  }
  return result;
}

// Moves what is left of each row down over its duplicates; gives the rows' new beginnings.
function closeUp(pointers: Int32Array, columns: Int32Array): Int32Array {
  const rowPointers = new Int32Array(pointers.length);
  let end = 0;
  for (let row = 0; row + 1 < pointers.length; row++) {
    let last = -1;
    for (let entry = pointers[row]!; entry < pointers[row + 1]!; entry++) {
      const column = columns[entry]!;
      if (column !== last) columns[end++] = column;
      last = column;
    }
    rowPointers[row + 1] = end;
  }
  return rowPointers;
}
