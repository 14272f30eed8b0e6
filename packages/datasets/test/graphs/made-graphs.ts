import type { CsrGraph } from '@sketchgrad/core';
import fc from 'fast-check';
import { type NodeDataset, undirectedGraph } from '../../src/index.js';

/** A graph, and a whole number from 1 to the number of its nodes. */
export const graphs = fc.integer({ min: 1, max: 40 }).chain((nodes) =>
  fc.tuple(
    fc
      .array(fc.integer({ min: 0, max: nodes - 1 }), { maxLength: 150 })
      .map((list) => list.slice(0, list.length - (list.length % 2)))
      .map((ends) => undirectedGraph(nodes, Int32Array.from(ends))),
    fc.integer({ min: 1, max: nodes }),
  ),
);

/** A data set on a graph, every number of it telling which node it is of. */
export function datasetOn(graph: CsrGraph, multiLabel = false): NodeDataset {
  const nodes = Int32Array.from({ length: graph.nodes }, (_, node) => node);
  const base = {
    name: 'made',
    graph,
    features: {
      rows: graph.nodes,
      columns: 2,
      data: Float32Array.from({ length: 2 * graph.nodes }, (_, at) => at),
    },
    classes: 3,
    split: {
      train: nodes.filter((node) => node % 3 === 0).reverse(),
      valid: nodes.filter((node) => node % 3 === 1),
      test: nodes.filter((node) => node % 3 === 2),
    },
  };
  if (!multiLabel) {
    const labels = nodes.map((node) => node % 3);
    return { ...base, multiLabel: false, metric: 'accuracy', labels };
  }
  const labels = Uint8Array.from({ length: 3 * graph.nodes }, (_, at) => Number(at % 5 === 0));
  return { ...base, multiLabel: true, metric: 'micro-f1', labels };
}
