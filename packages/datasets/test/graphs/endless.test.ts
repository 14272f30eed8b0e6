import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DataError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { readNodeDataset } from '../../src/node/index.js';
import { ring } from './graph-files.js';
import { temporaryFolder, writeGraph } from './graph-folder.js';

const folder = temporaryFolder();

/** 64 MiB of a text again and again, as members of one gzip file: some hundred kB. */
function endless(text: string): Uint8Array {
  const member = gzipSync(text.repeat(Math.floor(2 ** 20 / text.length)));
  return Buffer.concat(Array.from({ length: 64 }, () => member));
}

const after = (start: string, text: string) => Buffer.concat([gzipSync(start), endless(text)]);

const one = 65_537;
const two = 65_538;
const nodeList = 'raw/num-node-list.csv.gz';
const edge = 'raw/edge.csv.gz';
const features = 'raw/node-feat.csv.gz';
const labels = 'raw/node-label.csv.gz';
const train = 'split/public/train.csv.gz';

describe('a file without end is refused, at the place where it is too much', () => {
  it.each([
    ['a line', nodeList, endless('5,'), 1, `has more than ${one} columns: expected 1`],
    ['a line', train, endless('4,'), 1, `has more than ${one} columns: expected 1`],
    ['a line', edge, endless('1,'), 1, `has more than ${two} columns: expected 2`],
    ['a line', features, endless('1,'), 1, 'has more than 1048576 columns'],
    ['a line', labels, endless('1,'), 1, 'has more than 1048576 columns'],
    ['a second line', train, after('4\n', '0,'), 2, `has more than ${one} columns: expected 1`],
    [
      'a second line',
      features,
      after('1,2\n', '0,'),
      2,
      `has more than ${two} columns: expected 2`,
    ],
    ['lines', nodeList, endless('5\n'), 2, 'has a second line'],
    ['lines', train, endless('4\n'), 2, 'node 4 is in'],
    ['lines', edge, endless('1,2\n'), 7, 'has more than 6 edges'],
    ['lines', features, endless('1,2\n'), 6, 'has more than 5 nodes'],
    ['lines', labels, endless('1\n'), 6, 'has more than 5 nodes'],
    ['a line too many', labels, after('0\n1\n1\n0\n1\n', '1,'), 6, 'has more than 5 nodes'],
    ['a field', nodeList, endless('5'), 1, "'55555"],
    ['a field', features, endless('1'), 1, "column 1 is '11111"],
    ['empty lines', nodeList, endless('\n'), 1, "'': expected how many nodes"],
    ['empty lines', train, after('4\n', '\n'), 2, "'': expected a node from 0 to 4"],
    ['empty lines', features, endless('\n'), 1, "column 1 is ''"],
    ['empty lines', labels, endless('\n'), 6, 'has more than 5 nodes'],
  ] as const)('%s of %s', async (_, file, content, line, message) => {
    await writeGraph(folder.path, { ...ring, [file]: content });
    const error = await readNodeDataset(folder.path).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DataError);
    const { file: named, line: at, message: said } = error as DataError;
    expect([named, at]).toEqual([join(folder.path, file), line]);
    expect(said).toContain(message);
    expect(said.length).toBeLessThan(1000);
  });
});
