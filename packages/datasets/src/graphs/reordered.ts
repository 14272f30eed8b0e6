import { UsageError } from '@sketchgrad/core';
import { checkDataset, checkIndices } from './check-graph.js';
import type { NodeDataset } from './dataset.js';
import { inducedDataset } from './induced.js';
import { sortedRows } from './undirected.js';

/**
 * The same data set with its nodes in another order: node i of it is `order[i]` of the given one.
 *
 * @param order i32 [nodes], each node once
 * @throws UsageError where it is something else
 */
export function reorderedDataset(dataset: NodeDataset, order: Int32Array): NodeDataset {
  checkDataset(dataset);
  checkIndices('order', order);
  const { nodes } = dataset.graph;
  const seen = new Uint8Array(nodes);
  for (const node of order) {
    if (!(node >= 0 && node < nodes) || seen[node])
      throw new UsageError(`the order has ${node} twice or beyond the graph's ${nodes} nodes`);
    seen[node] = 1;
  }
  if (order.length !== nodes)
    throw new UsageError(`the order has ${order.length} nodes: expected the graph's ${nodes}`);
  const reordered = inducedDataset(dataset, order);
  return { ...reordered, graph: sortedRows(reordered.graph) };
}
