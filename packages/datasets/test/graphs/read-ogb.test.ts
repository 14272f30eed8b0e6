import { rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeDatasetBytes } from '../../src/index.js';
import { readNodeDataset } from '../../src/node/index.js';
import { npy, ring } from './graph-files.js';
import { temporaryFolder, writeGraph } from './graph-folder.js';

const folder = temporaryFolder();

const bytesOf = ({ buffer }: Float32Array) => new Uint8Array(buffer);

describe('readNodeDataset', () => {
  it('reads a graph, features, classes and a split', async () => {
    await writeGraph(join(folder.path, 'The_Ring'), ring);
    const read = await readNodeDataset(join(folder.path, 'The_Ring'));
    expect(read).toEqual({
      name: 'the-ring',
      graph: {
        nodes: 5,
        rowPointers: Int32Array.of(0, 1, 3, 5, 7, 8),
        columnIndices: Int32Array.of(1, 0, 2, 1, 3, 2, 4, 3),
      },
      features: {
        rows: 5,
        columns: 3,
        data: Float32Array.of(1, 0, -0.5, 0, 1, 1e-3, 0.25, 0, 0, 3, 3, 3, 0.1, 0.2, 0.3),
      },
      labels: Int32Array.of(0, 1, 1, 0, 1),
      classes: 2,
      multiLabel: false,
      metric: 'accuracy',
      split: { train: Int32Array.of(4, 0), valid: Int32Array.of(1), test: Int32Array.of(2, 3) },
    });
    expect(nodeDatasetBytes(read)).toBe(4 * (6 + 8 + 15 + 5 + 5));
  });

  it('reads labels of several columns as a multi-label task', async () => {
    const labels = '1,0,0\n0,1,1\n0,0,0\n1,1,1\n0,0,1\n';
    await writeGraph(folder.path, { ...ring, 'raw/node-label.csv.gz': labels });
    const { multiLabel, metric, classes, labels: read } = await readNodeDataset(folder.path);
    expect({ multiLabel, metric, classes }).toEqual({
      multiLabel: true,
      metric: 'micro-f1',
      classes: 3,
    });
    expect(read).toEqual(Uint8Array.of(1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1));
  });

  it.each(['-1', '-1.0', 'nan', 'NaN', '', '""'])(
    'lets nodes outside the split be without a label, which is %j or -1',
    async (none) => {
      await writeGraph(folder.path, {
        ...ring,
        'raw/node-label.csv.gz': `0.0\n1\n${none}\n0\n1\n`,
        'split/public/test.csv.gz': '3\n',
      });
      const { labels, classes } = await readNodeDataset(folder.path);
      expect(labels).toEqual(Int32Array.of(0, 1, -1, 0, 1));
      expect(classes).toBe(2);
    },
  );

  it('takes several nodes in a row without a label, the first one and empty lines', async () => {
    await writeGraph(folder.path, {
      ...ring,
      'raw/node-label.csv.gz': 'nan\n\n\n0\n1\n',
      'split/public/train.csv.gz': '4\n',
      'split/public/valid.csv.gz': '3\n',
      'split/public/test.csv.gz': '3\n',
    });
    const failing = readNodeDataset(folder.path);
    await expect(failing).rejects.toThrow('node 3 is in');
    await writeGraph(folder.path, {
      'raw/node-label.csv.gz': 'nan\n\n1\n0\n1\n',
      'split/public/test.csv.gz': '2\n',
    });
    expect((await readNodeDataset(folder.path)).labels).toEqual(Int32Array.of(-1, -1, 1, 0, 1));
  });

  it('finds a data set by its name, however it is spelt, and in its own folder', async () => {
    await writeGraph(join(folder.path, 'ogbn_arxiv'), ring);
    await writeGraph(join(folder.path, 'Cora'), ring);
    for (const name of ['ogbn-arxiv', 'arxiv', 'OGBN_arxiv']) {
      expect((await readNodeDataset(folder.path, { name })).name).toBe(name);
    }
    expect((await readNodeDataset(join(folder.path, 'Cora'), { name: 'cora' })).name).toBe('cora');
    await rename(join(folder.path, 'Cora'), join(folder.path, 'elsewhere'));
    await symlink(join(folder.path, 'elsewhere'), join(folder.path, 'cora'));
    expect((await readNodeDataset(folder.path, { name: 'cora' })).name).toBe('cora');
  });

  it('takes the split that it is told to take', async () => {
    await writeGraph(folder.path, {
      ...ring,
      'split/other/train.csv.gz': '3\n',
      'split/other/valid.csv.gz': '2\n',
      'split/other/test.csv.gz': '1\n',
    });
    const { split } = await readNodeDataset(folder.path, { split: 'other' });
    expect(split.train).toEqual(Int32Array.of(3));
  });

  it('reads a gzip file of several members', async () => {
    const members = ['0\n1\n', '1\n0\n1\n'].map((text) => gzipSync(text));
    await writeGraph(folder.path, { ...ring, 'raw/node-label.csv.gz': Buffer.concat(members) });
    expect((await readNodeDataset(folder.path)).labels).toEqual(Int32Array.of(0, 1, 1, 0, 1));
  });
});

describe('features in NumPy files', () => {
  const { 'raw/node-feat.csv.gz': _, ...others } = ring;

  async function readFeatures(file: Uint8Array) {
    await writeGraph(folder.path, { ...others, 'raw/node-feat.npy': file });
    return (await readNodeDataset(folder.path)).features;
  }

  it.each([
    ['<f4', Float32Array.of(1.5, 2, 3, 4, 5, 6, 7, 8, 9, -0.1)],
    ['<f8', Float64Array.of(1.5, 2, 3, 4, 5, 6, 7, 8, 9, -0.1)],
  ])('are read from %s', async (descr, data) => {
    const expected = { rows: 5, columns: 2, data: Float32Array.from(data) };
    expect(await readFeatures(npy(descr, [5, 2], data))).toEqual(expected);
  });

  it('are read from f16', async () => {
    // 1, −2, 65504 (the largest), 2^−14 (the smallest normal), 2^−24 (the smallest), −0 …
    const bits = [0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000, 0x3555, 0x03ff, 0x0000, 0xfbff];
    const { data } = await readFeatures(npy('<f2', [5, 2], Uint16Array.from(bits)));
    const small = 2 ** -24;
    expect([...data]).toEqual(
      [1, -2, 65504, 2 ** -14, small, -0, 1365 / 4096, 1023 * small, 0, -65504].map(Math.fround),
    );
  });

  it('are the same whatever the size, as the reader goes by pieces', async () => {
    const data = Float64Array.from({ length: 5 * 20_001 }, (_, index) => Math.sin(index));
    const features = await readFeatures(npy('<f8', [5, 20_001], data));
    expect(Buffer.compare(bytesOf(features.data), bytesOf(Float32Array.from(data)))).toBe(0);
  });

  it('may have a header of version 2 in any order', async () => {
    const header = "{'shape': (5, 1,), 'fortran_order': False, 'descr': '<f4'}\n";
    const length = Uint8Array.of(header.length, 0, 0, 0);
    const file = Buffer.concat([
      Buffer.from('\x93NUMPY\x02\x00', 'latin1'),
      length,
      Buffer.from(header),
      new Uint8Array(Float32Array.of(1, 2, 3, 4, 5).buffer),
    ]);
    expect((await readFeatures(file)).data).toEqual(Float32Array.of(1, 2, 3, 4, 5));
  });
});

describe('a generated graph', () => {
  it('comes back as it was written', async () => {
    const graphs = fc.integer({ min: 3, max: 30 }).chain((nodes) =>
      fc.record({
        labels: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: nodes, maxLength: nodes }),
        order: fc.shuffledSubarray([...Array(nodes).keys()], { minLength: 3 }),
        features: fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
          minLength: nodes * 2,
          maxLength: nodes * 2,
        }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(graphs, async ({ labels, order, features }) => {
        const lines = (values: readonly unknown[]) => values.map((value) => `${value}\n`).join('');
        const split = { train: order.slice(2), valid: order.slice(0, 1), test: order.slice(1, 2) };
        const pairs = labels.map((_, node) => `${features[2 * node]},${features[2 * node + 1]}`);
        await writeGraph(folder.path, {
          'raw/num-node-list.csv.gz': lines([labels.length]),
          'raw/num-edge-list.csv.gz': lines([0]),
          'raw/edge.csv.gz': '',
          'raw/node-feat.csv.gz': lines(pairs),
          'raw/node-label.csv.gz': lines(labels),
          'split/s/train.csv.gz': lines(split.train),
          'split/s/valid.csv.gz': lines(split.valid),
          'split/s/test.csv.gz': lines(split.test),
        });
        const read = await readNodeDataset(folder.path);
        expect([...read.labels]).toEqual(labels);
        // `${-0}` is 0.
        expect(read.features.data).toEqual(Float32Array.from(features, (value) => value + 0));
        expect([...read.split.train]).toEqual(split.train);
        expect(read.graph.rowPointers).toEqual(new Int32Array(labels.length + 1));
      }),
      { numRuns: 30 },
    );
  });
});
