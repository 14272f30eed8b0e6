import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import type { Files, FuzzInput, FuzzReader } from '@sketchgrad/testing/fuzz';
import { gzipSync } from 'fflate';
import type { NodeDataset } from '../../src/index.js';
import { readNodeDataset } from '../../src/node/index.js';
import { type GraphFiles, ring } from '../graphs/graph-files.js';

const multiLabel = { ...ring, 'raw/node-label.csv.gz': '0,1\n1,1\n1,0\n0,0\n1,1\n' };
const partlyLabelled = {
  ...ring,
  'raw/node-label.csv.gz': '0\n1\nnan\n0.0\n1\n',
  'split/public/test.csv.gz': '3\n',
};

const filesOf = (graph: GraphFiles): Files =>
  Object.fromEntries(
    Object.entries(graph).map(([path, content]) => [
      path,
      typeof content === 'string' ? gzipSync(Buffer.from(content), { mtime: 0 }) : content,
    ]),
  );

/** Graphs in OGB's layout, whose tables are gzip'd. */
export const csvGz: FuzzReader<NodeDataset> = {
  name: 'csv.gz',
  samples: () => [ring, multiLabel, partlyLabelled].map(filesOf),
  tokens: ['\n', '\n\n', ',', ',,', '0,1\n', '4\n', 'nan', '-1\n', '1e-3', '\x1f\x8b\x08'],
  read: ({ folder }) => readNodeDataset(folder),
  check: (dataset, input) => {
    checkGraph(dataset, input);
    const rows = tableOf(input, 'raw/node-feat.csv.gz');
    assert.deepEqual([...dataset.features.data], rows.flat().map(Math.fround));
    assert.equal(dataset.features.columns, rows[0]!.length);
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
  assert.deepEqual([...labels], tableOf(input, 'raw/node-label.csv.gz', -1).flat());
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

// What a table holds, by other means than the reader's. Integers have no −0.
function tableOf({ files }: FuzzInput, path: string, absent?: number): number[][] {
  const text = gunzipSync(files[path]!).toString('latin1');
  const lines = text.replace(/[\r\n]+$/, '').split('\n');
  return lines.map((line) =>
    line.split(',').map((field) => {
      if (absent !== undefined && /^\s*(|""|nan|null|none)\s*$/i.test(field)) return absent;
      assert.match(field, /^[-+]?[\d.]+(e[-+]?\d+)?\r?$/i);
      return path.includes('node-feat') ? Number(field) : Number(field) + 0;
    }),
  );
}
