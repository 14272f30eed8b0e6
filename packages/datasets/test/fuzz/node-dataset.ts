import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import type { Files, FuzzInput, FuzzReader } from '@sketchgrad/testing/fuzz';
import { gzipSync } from 'fflate';
import { type NodeDataset, readNodeDataset } from '../../src/index.js';
import { type GraphFiles, npy, ring } from '../graphs/graph-files.js';

const multiLabel = { ...ring, 'raw/node-label.csv.gz': '0,1\n1,1\n1,0\n0,0\n1,1\n' };
const noFeatures = Object.fromEntries(
  Object.entries(ring).filter(([path]) => path !== 'raw/node-feat.csv.gz'),
);
const binary = (descr: string, data: ArrayBufferView) => ({
  ...noFeatures,
  'raw/node-feat.npy': npy(descr, [5, 2], data),
});

const filesOf = (graph: GraphFiles): Files =>
  Object.fromEntries(
    Object.entries(graph).map(([path, content]) => [
      path,
      typeof content === 'string' ? gzipSync(Buffer.from(content), { mtime: 0 }) : content,
    ]),
  );

const read = ({ folder }: FuzzInput) => readNodeDataset(folder);

/** Graphs in OGB's layout, whose tables are gzip'd. */
export const csvGz: FuzzReader<NodeDataset> = {
  name: 'csv.gz',
  samples: () => [filesOf(ring), filesOf(multiLabel)],
  tokens: ['\n', '\n\n', ',', ',,', '0,1\n', '4\n', 'nan', '-1\n', '1e-3', '\x1f\x8b\x08'],
  read,
  check: (dataset, input) => {
    checkGraph(dataset, input);
    const rows = tableOf(input, 'raw/node-feat.csv.gz');
    assert.deepEqual([...dataset.features.data], rows.flat().map(Math.fround));
    assert.equal(dataset.features.columns, rows[0]!.length);
  },
};

/** The same with features in NumPy's format, of each type. */
export const npyReader: FuzzReader<NodeDataset> = {
  name: 'npy',
  samples: () =>
    [
      binary(
        '<f4',
        Float32Array.from({ length: 10 }, (_, at) => at / 3),
      ),
      binary(
        '<f8',
        Float64Array.from({ length: 10 }, (_, at) => at / 3),
      ),
      binary(
        '<f2',
        Uint16Array.from({ length: 10 }, (_, at) => 0x3c00 + at),
      ),
    ].map(filesOf),
  changes: (path) => path.endsWith('.npy'),
  tokens: [
    "'descr': ",
    "'<f2'",
    "'<f4'",
    "'<f8'",
    "'>f4'",
    "'shape': ",
    '(5, 2)',
    '(2, 5)',
    '(10,)',
    "'fortran_order': ",
    'True',
    'False',
    '\x93NUMPY\x01\0',
  ],
  read,
  check: (dataset, input) => {
    checkGraph(dataset, input);
    const { columns, data } = dataset.features;
    const bytes = Buffer.from(input.files['raw/node-feat.npy']!);
    // The data are the end of the file, whatever stands before.
    const width = [2, 4, 8].find((size) => bytes.includes(`<f${size}`))!;
    const start = bytes.length - 5 * columns * width;
    assert.ok(start >= 64, `a header of ${start} bytes`);
    const element = (at: number) =>
      width === 8
        ? bytes.readDoubleLE(start + 8 * at)
        : width === 4
          ? bytes.readFloatLE(start + 4 * at)
          : half(bytes.readUInt16LE(start + 2 * at));
    assert.deepEqual(
      [...data],
      Array.from(data, (_, at) => Math.fround(element(at))),
    );
  },
};

function checkGraph(
  { graph, labels, classes, split, features, multiLabel }: NodeDataset,
  input: FuzzInput,
) {
  const [[nodes]] = tableOf(input, 'raw/num-node-list.csv.gz') as [[number]];
  assert.equal(graph.nodes, nodes);
  assert.equal(features.rows, nodes);
  assert.equal(features.data.length, nodes * features.columns);
  assert.ok(features.data.every(Number.isFinite));
  assert.deepEqual([...labels], tableOf(input, 'raw/node-label.csv.gz').flat());
  assert.equal(labels.length, multiLabel ? nodes * classes : nodes);
  const edges = new Set<string>();
  for (const [from, to] of tableOf(input, 'raw/edge.csv.gz')) {
    if (from !== to) edges.add(`${from},${to}`).add(`${to},${from}`);
  }
  const read: string[] = [];
  for (let node = 0; node < nodes; node++) {
    const row = graph.columnIndices.subarray(graph.rowPointers[node], graph.rowPointers[node + 1]);
    for (const neighbour of row) read.push(`${node},${neighbour}`);
  }
  assert.deepEqual(read.sort(), [...edges].sort());
  for (const part of ['train', 'valid', 'test'] as const) {
    assert.deepEqual([...split[part]], tableOf(input, `split/public/${part}.csv.gz`).flat());
  }
}

// What a table holds, by other means than the reader's.
function tableOf({ files }: FuzzInput, path: string): number[][] {
  const text = gunzipSync(files[path]!).toString('latin1');
  const lines = text.replace(/[\r\n]+$/, '').split('\n');
  return lines.map((line) =>
    line.split(',').map((field) => {
      assert.match(field, /^[-+]?[\d.]+(e[-+]?\d+)?\r?$/i);
      return Number(field);
    }),
  );
}

function half(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}
