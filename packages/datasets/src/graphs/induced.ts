import type { CsrGraph } from '@sketchgrad/core';
import { checkDataset, checkIndices } from './check-graph.js';
import type { NodeDataset, NodeSplit } from './dataset.js';

/**
 * The data set on some of the nodes: the edges between them, their features, labels and parts of the
 * split. Node i of it is `nodes[i]` of the whole.
 *
 * @param nodes none twice; ascending, for the neighbours of a node to be so
 * @param places [nodes of the whole], −1 everywhere; is so again at the end. One array serves many calls.
 */
export function inducedDataset(
  dataset: NodeDataset,
  nodes: Int32Array,
  places?: Int32Array,
): NodeDataset {
  checkDataset(dataset);
  checkIndices('nodes', nodes);
  return inducedAt(dataset, nodes, places ?? new Int32Array(dataset.graph.nodes).fill(-1));
}

function inducedAt(dataset: NodeDataset, nodes: Int32Array, places: Int32Array): NodeDataset {
  for (const [place, node] of nodes.entries()) places[node] = place;
  const { features } = dataset;
  const part = {
    name: dataset.name,
    classes: dataset.classes,
    graph: inducedGraph(dataset.graph, nodes, places),
    features: {
      rows: nodes.length,
      columns: features.columns,
      data: gatherRows(features.data, features.columns, nodes, Float32Array),
    },
    split: inducedSplit(dataset.split, places),
  };
  const { classes } = dataset;
  const induced: NodeDataset = dataset.multiLabel
    ? {
        ...part,
        multiLabel: true,
        metric: dataset.metric,
        labels: gatherRows(dataset.labels, classes, nodes, Uint8Array),
      }
    : {
        ...part,
        multiLabel: false,
        metric: dataset.metric,
        labels: gatherRows(dataset.labels, 1, nodes, Int32Array),
      };
  for (const node of nodes) places[node] = -1;
  return induced;
}

function inducedGraph(graph: CsrGraph, nodes: Int32Array, places: Int32Array): CsrGraph {
  const rowPointers = new Int32Array(nodes.length + 1);
  // Counted first, so that the columns are an array of the right length.
  let entries = 0;
  const eachEntry = (visit: (place: number) => void, endRow: (row: number) => void) => {
    for (let row = 0; row < nodes.length; row++) {
      const node = nodes[row]!;
      const end = graph.rowPointers[node + 1]!;
      for (let entry = graph.rowPointers[node]!; entry < end; entry++) {
        const place = places[graph.columnIndices[entry]!]!;
        if (place !== -1) visit(place);
      }
      endRow(row);
    }
  };
  eachEntry(
    () => {
      entries += 1;
    },
    (row) => {
      rowPointers[row + 1] = entries;
    },
  );
  const columnIndices = new Int32Array(entries);
  let next = 0;
  eachEntry(
    (place) => {
      columnIndices[next++] = place;
    },
    () => undefined,
  );
  return { nodes: nodes.length, rowPointers, columnIndices };
}

function inducedSplit({ train, valid, test }: NodeSplit, places: Int32Array): NodeSplit {
  const within = (part: Int32Array) =>
    part.filter((node) => places[node] !== -1).map((node) => places[node]!);
  return { train: within(train), valid: within(valid), test: within(test) };
}

function gatherRows<Elements extends Float32Array | Int32Array | Uint8Array>(
  from: Elements,
  columns: number,
  nodes: Int32Array,
  array: new (length: number) => Elements,
): Elements {
  const rows = new array(nodes.length * columns);
  for (const [row, node] of nodes.entries()) {
    rows.set(from.subarray(node * columns, (node + 1) * columns), row * columns);
  }
  return rows;
}
