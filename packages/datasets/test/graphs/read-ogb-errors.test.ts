import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DataError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { readNodeDataset } from '../../src/node/index.js';
import { type GraphFiles, ring } from './graph-files.js';
import { temporaryFolder, writeGraph } from './graph-folder.js';

const folder = temporaryFolder();

/** Expects that the ring with other files in it is refused, with a file, a line and a message. */
async function expectRefusal(
  files: GraphFiles,
  file: string,
  line: number | undefined,
  message: RegExp,
): Promise<void> {
  await writeGraph(folder.path, { ...ring, ...files });
  const error = await readNodeDataset(folder.path).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(DataError);
  const { message: said, file: named, line: at } = error as DataError;
  expect(said).toMatch(message);
  expect([named, at]).toEqual([join(folder.path, file), line]);
}

const edges = 'raw/edge.csv.gz';
const features = 'raw/node-feat.csv.gz';
const labels = 'raw/node-label.csv.gz';
const train = 'split/public/train.csv.gz';
const test = 'split/public/test.csv.gz';

describe('what is refused, with file and line', () => {
  it.each([
    [
      'an edge to a node that does not exist',
      edges,
      '0,1\n1,2\n2,5\n3,4\n1,0\n2,2\n',
      3,
      /column 2 is '5': expected a node from 0 to 4$/,
    ],
    [
      'an edge from a node below 0',
      edges,
      '0,1\n-1,2\n2,3\n3,4\n1,0\n2,2\n',
      2,
      /column 1 is '-1'/,
    ],
    ['half a node', edges, '0,1\n1,2.5\n2,3\n3,4\n1,0\n2,2\n', 2, /column 2 is '2.5'/],
    [
      'fewer edges than listed',
      edges,
      '0,1\n1,2\n',
      2,
      /ends after 2 edges: expected 6, as .*num-edge-list/,
    ],
    [
      'more edges than listed',
      edges,
      '0,1\n'.repeat(7),
      7,
      /has more than 6 edges, which .*num-edge-list/,
    ],
    ['edges of three columns', edges, '0,1,7\n'.repeat(6), 1, /has 3 columns: expected 2/],
    ['an edge of one column', edges, '0,1\n1,2\n3\n2,3\n3,4\n1,0\n', 3, /has 1 column: expected 2/],
    [
      'nan among several labels',
      labels,
      '0,1\n1,nan\n1,0\n0,0\n1,1\n',
      2,
      /column 2 is empty: expected 0 or 1/,
    ],
    ['nan in the first of several labels', labels, 'nan,1\n', 1, /column 1 is empty: expected 0/],
    ['a last node without a label', labels, '0\n1\n1\n0\n', 4, /ends after 4 nodes: expected 5/],
    [
      'a label that is no class',
      labels,
      '0\n1\n1.5\n0\n1\n',
      3,
      /'1.5': expected a class from 0 to 65535/,
    ],
    ['a label that is a word', labels, '0\n1\n1\ncat\n1\n', 4, /'cat': expected a finite number/],
    ['more labels than nodes', labels, '0\n1\n1\n0\n1\n1\n', 6, /has more than 5 nodes/],
    [
      'a 2 among several labels',
      labels,
      '0,1\n1,1\n1,2\n0,0\n1,1\n',
      3,
      /column 2 is '2': expected 0 or 1/,
    ],
    ['a 2 in the first of several labels', labels, '0,2\n', 1, /column 2 is '2': expected 0 or 1/],
    [
      'a nan feature',
      features,
      '1,2\n1,nan\n1,2\n1,2\n1,2\n',
      2,
      /column 2 is 'nan': expected a finite number/,
    ],
    ['an infinite feature', features, 'inf,2\n1,2\n1,2\n1,2\n1,2\n', 1, /column 1 is 'inf'/],
    [
      'a feature beyond f32',
      features,
      '1,2\n1,2\n1,2\n1,1e39\n1,2\n',
      4,
      /column 2 is '1e\+39': expected a number that f32/,
    ],
    ['an empty feature', features, '1,2\n1,2\n1,\n1,2\n1,2\n', 3, /column 2 is ''/],
    [
      'a row of too few features',
      features,
      '1,2\n1,2\n1\n1,2\n1,2\n',
      3,
      /has 1 column: expected 2/,
    ],
    [
      'a row of too many features',
      features,
      '1,2\n1,2\n1,2\n1,2\n1,2,3\n',
      5,
      /has 3 columns: expected 2/,
    ],
    [
      'fewer features than nodes',
      features,
      '1,2\n1,2\n',
      2,
      /ends after 2 nodes: expected 5, as .*num-node-list/,
    ],
    ['more features than nodes', features, '1,2\n'.repeat(6), 6, /has more than 5 nodes/],
    ['a node in two parts', test, '2\n0\n3\n', 2, /node 0 is in .*train\.csv\.gz:2 already/],
    ['a node twice in a part', train, '4\n0\n4\n', 3, /node 4 is in .*train\.csv\.gz:1 already/],
    ['an empty part', train, '', 1, /is empty/],
    [
      'a part with a node that does not exist',
      test,
      '2\n5\n',
      2,
      /'5': expected a node from 0 to 4/,
    ],
    ['a part of two columns', train, '4,0\n', 1, /has 2 columns: expected 1/],
    ['no number of nodes', 'raw/num-node-list.csv.gz', '', 1, /is empty: expected how many nodes/],
    ['two graphs', 'raw/num-node-list.csv.gz', '5\n5\n', 2, /has a second line/],
    [
      'no nodes',
      'raw/num-node-list.csv.gz',
      '0\n',
      1,
      /'0': expected how many nodes there are, from 1/,
    ],
    ['too many edges', 'raw/num-edge-list.csv.gz', '99999999999\n', 1, /expected how many edges/],
  ] as const)('%s', (_, file, content, line, message) =>
    expectRefusal({ [file]: content }, file, line, message),
  );

  it.each(['-1', '-1.0', 'nan', '""', ''])('a node of the split whose label is %j', (none) =>
    expectRefusal({ [labels]: `0\n1\n1\n${none}\n1\n` }, test, 2, /node 3 has no label/),
  );

  it('more nodes than an array can hold', () =>
    expectRefusal(
      { 'raw/num-node-list.csv.gz': '2147483646\n', [labels]: `${'0,'.repeat(999)}1\n` },
      labels,
      1,
      /is too small a file for 2147483646 rows, which .*num-node-list.* of 1000 columns/,
    ));
});

describe('a file that is not whole', () => {
  it.each(Object.keys(ring))('is named, with the line that was reached: %s', async (file) => {
    const text = ring[file] as string;
    const line = text.split('\n').length;
    const cut = gzipSync(text).subarray(0, -4);
    await expectRefusal({ [file]: cut }, file, line, /not a whole gzip file \(unexpected end/);
  });

  it('may be no gzip file, or be empty', async () => {
    const plain = Buffer.from('0\n1\n1\n0\n1\n');
    await expectRefusal({ [labels]: plain }, labels, 1, /not a whole gzip file \(incorrect header/);
    await expectRefusal(
      { [labels]: Buffer.alloc(0) },
      labels,
      1,
      /not a whole gzip file|ends after 0/,
    );
  });

  it('may be damaged in the middle', async () => {
    const bytes = gzipSync(Array.from({ length: 3000 }, (_, row) => `${row}\n`).join(''));
    bytes.fill(0xff, 200, 300);
    await writeGraph(folder.path, { ...ring, [train]: bytes });
    await expect(readNodeDataset(folder.path)).rejects.toThrow(/train\.csv\.gz:\d+: /);
  });
});

describe('what is missing', () => {
  it.each(Object.keys(ring))('is named: %s', async (file) => {
    await writeGraph(folder.path, ring);
    await rm(join(folder.path, file));
    const failing = readNodeDataset(folder.path);
    await expect(failing).rejects.toThrow(DataError);
    await expect(failing).rejects.toThrow(`${join(folder.path, file)}: is missing`);
  });

  it('may be the folder, or what should be in it', async () => {
    const nowhere = join(folder.path, 'nowhere');
    await expect(readNodeDataset(nowhere)).rejects.toThrow(/nowhere: no such folder: expected the/);
    await expect(readNodeDataset(folder.path, { name: 'ogbn-arxiv' })).rejects.toThrow(
      /holds no data set: expected the folder ogbn_arxiv, or the folders raw and split/,
    );
  });

  it('may be the split', async () => {
    await writeGraph(folder.path, ring);
    const wanted = readNodeDataset(folder.path, { split: 'time' });
    await expect(wanted).rejects.toThrow(/split: no split 'time': there are public/);
    await mkdir(join(folder.path, 'split/random'));
    await expect(readNodeDataset(folder.path)).rejects.toThrow(/there are public, random/);
    await rm(join(folder.path, 'split'), { recursive: true });
    await mkdir(join(folder.path, 'split'));
    await expect(readNodeDataset(folder.path)).rejects.toThrow(/there is none/);
  });

  it('is a folder where a file should be', async () => {
    const { [edges]: _, ...others } = ring;
    await writeGraph(folder.path, { ...others, [`${edges}/inside`]: 'x' });
    await expect(readNodeDataset(folder.path)).rejects.toThrow(/edge\.csv\.gz: is a folder/);
  });
});
