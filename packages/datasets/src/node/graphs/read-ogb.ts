import { join } from 'node:path';
import { type CsrGraph, checkOptions, checkText, DataError } from '@sketchgrad/core';
import type { NodeDataset, NodeFeatures } from '../../graphs/dataset.js';
import { allocated } from '../../graphs/matrix-sink.js';
import { indexColumn } from '../../graphs/number-sinks.js';
import { undirectedGraph } from '../../graphs/undirected.js';
import { kindOfPath } from '../files.js';
import { datasetName, locateGraph, locateSplit } from './locate-graph.js';
import { readMatrix } from './read-matrix.js';
import { readNpy } from './read-npy.js';
import { readNumbers } from './read-numbers.js';
import { readSplit } from './split.js';

/** Which data set of a folder to read. */
export interface NodeDatasetOptions {
  /** The data set's name, where `directory` may be the folder that it is in (`ogbn-arxiv`, `cora`). */
  readonly name?: string;
  /** The folder within `split`; the only one there unless given. */
  readonly split?: string;
}

// Class numbers are small; a larger one is another kind of number, such as a year or an identifier.
const largestClass = 65_535;

/**
 * Reads a node classification in the raw layout of the Open Graph Benchmark (arXiv 2005.00687):
 *
 *     raw/num-node-list.csv.gz, raw/num-edge-list.csv.gz    how many there are
 *     raw/edge.csv.gz                                       source,target
 *     raw/node-feat.csv.gz, or raw/node-feat.npy            a row a node
 *     raw/node-label.csv.gz                                 a class a line; −1, nan or an empty
 *                                                           line for none; or 0s and 1s
 *     split/NAME/{train,valid,test}.csv.gz                  a node a line
 *
 * The graph becomes undirected, without duplicates and self-loops. Labels of several columns make a
 * multi-label data set. Files are read a piece at a time, the small ones first.
 *
 * @param directory the data set's folder, or with `name` the folder that it is in
 * @throws DataError, with file and line, where a file is missing, its gzip is not whole, a row has the
 *   wrong number of columns, files disagree about how many nodes or edges there are, an edge or a split
 *   names a node that does not exist, a node of the split has no label or is in two parts of it, a part of the split is empty, or a feature is not a finite f32
 */
export async function readNodeDataset(
  directory: string,
  options: NodeDatasetOptions = {},
): Promise<NodeDataset> {
  checkText('directory', directory);
  checkOptions('readNodeDataset', options, { name: true, split: true });
  const { name, split } = options;
  for (const [key, value] of Object.entries({ name, split }))
    if (value !== undefined) checkText(key, value);
  const folder = await locateGraph(directory, name);
  const raw = join(folder, 'raw');
  const nodeList = join(raw, 'num-node-list.csv.gz');
  const nodes = await readCount(nodeList, 'nodes', 1, 2 ** 31 - 2);
  const labels = await readLabels(join(raw, 'node-label.csv.gz'), nodes, nodeList);
  const nodeSplit = await readSplit(
    await locateSplit(folder, split),
    nodes,
    (node) => labels.multiLabel || labels.labels[node]! >= 0,
  );
  const graph = await readGraph(raw, nodes);
  const features = await readFeatures(raw, nodes, nodeList);
  const called = name ?? datasetName(folder);
  return { name: called, graph, features, split: nodeSplit, ...labels };
}

async function readCount(file: string, noun: string, least: number, most: number): Promise<number> {
  const expected = `how many ${noun} there are, from ${least} to ${most}`;
  const sink = indexColumn(file, expected, most + 1, (_, line) => {
    if (line > 1) throw new DataError(file, 'has a second line: expected one graph', line);
  });
  await readNumbers(file, sink);
  const [count] = sink.values;
  if (count === undefined) throw new DataError(file, `is empty: expected ${expected}`, 1);
  if (count < least) throw new DataError(file, `'${count}': expected ${expected}`, 1);
  return count;
}

type Labels =
  | { multiLabel: false; metric: 'accuracy'; classes: number; labels: Int32Array }
  | { multiLabel: true; metric: 'micro-f1'; classes: number; labels: Uint8Array };

async function readLabels(file: string, nodes: number, countedIn: string): Promise<Labels> {
  const isClass = (value: number) =>
    Number.isInteger(value) && value >= -1 && value <= largestClass;
  const { elements, columns } = await readMatrix<Int32Array | Uint8Array>({
    file,
    rowIs: 'node',
    rows: nodes,
    countedIn,
    allocate: (elements, columns) =>
      columns === 1 ? new Int32Array(elements) : new Uint8Array(elements),
    objection: (value, columns) => {
      if (columns > 1) return value === 0 || value === 1 ? undefined : '0 or 1';
      return isClass(value) ? undefined : `a class from 0 to ${largestClass}, or -1 for none`;
    },
    // Several labels a node are a yes or no each; there is no third.
    absent: (columns) => (columns === 1 ? -1 : undefined),
  });
  if (elements instanceof Uint8Array) {
    return { multiLabel: true, metric: 'micro-f1', classes: columns, labels: elements };
  }
  const classes = elements.reduce((most, label) => Math.max(most, label), 0) + 1;
  return { multiLabel: false, metric: 'accuracy', classes, labels: elements };
}

async function readGraph(raw: string, nodes: number): Promise<CsrGraph> {
  const countedIn = join(raw, 'num-edge-list.csv.gz');
  const file = join(raw, 'edge.csv.gz');
  const edges = await readCount(countedIn, 'edges', 0, 2 ** 30 - 1);
  const { elements } = await readMatrix<Int32Array>({
    file,
    rowIs: 'edge',
    rows: edges,
    countedIn,
    columns: 2,
    allocate: (elements) => new Int32Array(elements),
    objection: (value) =>
      Number.isInteger(value) && value >= 0 && value < nodes
        ? undefined
        : `a node from 0 to ${nodes - 1}`,
  });
  return allocated(file, () => undirectedGraph(nodes, elements));
}

async function readFeatures(raw: string, nodes: number, countedIn: string): Promise<NodeFeatures> {
  const [file, binary] = [join(raw, 'node-feat.csv.gz'), join(raw, 'node-feat.npy')];
  if ((await kindOfPath(file)) === 'nothing') {
    if ((await kindOfPath(binary)) === 'nothing') {
      throw new DataError(file, 'is missing, and so is node-feat.npy: expected one of them');
    }
    const features = await readNpy(binary);
    if (features.rows === nodes) return features;
    throw new DataError(
      binary,
      `has ${features.rows} rows: expected ${nodes}, as ${countedIn} says`,
    );
  }
  const { elements, columns } = await readMatrix<Float32Array>({
    file,
    rowIs: 'node',
    rows: nodes,
    countedIn,
    allocate: (elements) => new Float32Array(elements),
    objection: (value) =>
      Number.isFinite(Math.fround(value)) ? undefined : 'a number that f32 can hold',
  });
  return { rows: nodes, columns, data: elements };
}
