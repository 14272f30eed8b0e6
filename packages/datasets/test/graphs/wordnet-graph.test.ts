import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wordNetNodeClasses } from '../../src/index.js';
import { readWordNetGraph } from '../../src/node/index.js';
import { glossFeatures } from '../../src/wordnet/gloss-features.js';

let directory: string;

const nouns = [
  '00000010 03 n 02 thing 0 object 1 003 ~ 00000200 n 0000 + 00000010 v 0101 & 00000030 s 0000 | what is; "it is"  ',
  '00000200 05 n 0a a 0 b 0 c 0 d 0 e 0 f 0 g 0 h 0 i 0 j 0 001 @ 00000010 n 0000 | a beast  ',
  '00000300 05 n 01 alone 0 000 | a beast  ',
];
const verbs = [
  '00000010 38 v 01 go 0 002 + 00000010 n 0101 + 00000010 n 0102 01 + 02 00 | move on  ',
];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wordnet-graph-'));
  await write(nouns, verbs);
});
afterEach(() => rm(directory, { recursive: true }));

async function write(nounLines: readonly string[], verbLines: readonly string[]): Promise<void> {
  const text = (lines: readonly string[]) => `  1 a licence  \n${lines.join('\n')}\n`;
  await writeFile(join(directory, 'data.noun'), text(nounLines));
  await writeFile(join(directory, 'data.verb'), text(verbLines));
}

describe('readWordNetGraph', () => {
  it('has synsets as nodes and their relations as edges', async () => {
    const { graph, labels, classes, name, features } = await readWordNetGraph({
      directory,
      features: 64,
    });
    expect(graph).toEqual({
      nodes: 4,
      rowPointers: Int32Array.of(0, 2, 3, 3, 4),
      columnIndices: Int32Array.of(1, 3, 0, 0),
    });
    expect([...labels].map((label) => wordNetNodeClasses[label])).toEqual([
      'noun.Tops',
      'noun.animal',
      'noun.animal',
      'verb.motion',
    ]);
    expect([name, classes, features.rows, features.columns]).toEqual(['wordnet', 41, 4, 64]);
    // The same gloss, the same features.
    expect(features.data.slice(64, 128)).toEqual(features.data.slice(128, 192));
    expect(features.data.slice(0, 64)).not.toEqual(features.data.slice(64, 128));
  });

  it.each([
    [nouns.with(1, nouns[1]!.replace('@ 00000010', '@ 00000011')), 3, /leads to n00000011, which/],
    [nouns.with(0, nouns[0]!.replace('003', '004')), 2, /pointer 4 of 4 is not one/],
    [nouns.with(0, nouns[0]!.replace('02 thing', 'zz thing')), 2, /expected a number of pointers/],
    [nouns.with(2, nouns[2]!.replace('000 |', '|')), 4, /expected a number of pointers/],
  ])('names the file and line of a relation that is none (%#)', async (lines, line, message) => {
    await write(lines, verbs);
    const error = await readWordNetGraph({ directory }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DataError);
    expect((error as DataError).message).toMatch(message);
    expect([(error as DataError).file, (error as DataError).line]).toEqual([
      join(directory, 'data.noun'),
      line,
    ]);
  });

  it('names what is missing, and refuses a senseless number of features', async () => {
    for (const features of [0, -1, 1.5, Number.NaN]) {
      await expect(readWordNetGraph({ directory, features })).rejects.toBeInstanceOf(UsageError);
    }
    await rm(join(directory, 'data.verb'));
    await expect(readWordNetGraph({ directory })).rejects.toThrow(/data\.verb: cannot be read/);
  });
});

describe('glossFeatures', () => {
  it('weighs words by how often they are here and how rarely elsewhere', () => {
    const texts = ['cat cat dog', 'dog', 'dog bird', '---'];
    const { data, columns } = glossFeatures(texts, 4096);
    const row = (text: number) => data.subarray(text * columns, (text + 1) * columns);
    const sizes = (text: number) => [...row(text)].filter((value) => value !== 0).map(Math.abs);
    const cat = (1 + Math.log(2)) * Math.log(5 / 2);
    const dog = Math.log(5 / 4);
    const length = Math.hypot(cat, dog);
    const expected = [cat / length, dog / length];
    expect(sizes(0)).toHaveLength(2);
    for (const value of expected) {
      expect(sizes(0).some((size) => Math.abs(size - value) < 1e-6)).toBe(true);
    }
    expect(sizes(1)).toEqual([1]);
    expect(sizes(3)).toEqual([]);
    const dogColumn = row(1).findIndex((value) => value !== 0);
    expect(Math.sign(row(0)[dogColumn]!)).toBe(row(1)[dogColumn]);
  });

  it('signs about half of the words', () => {
    const words = Array.from({ length: 1000 }, (_, word) => `word${word}`);
    const { data } = glossFeatures(words, 64);
    const positive = data.filter((value) => value > 0).length;
    // 500 ± 5 standard deviations of 15.8.
    expect(Math.abs(positive - 500)).toBeLessThan(79);
  });

  it('does not tell capital letters from small ones', () => {
    const { data } = glossFeatures(['A Cat', 'a cat', 'else'], 32);
    expect(data.slice(0, 32)).toEqual(data.slice(32, 64));
  });
});

describe('the graph of the installed WordNet', () => {
  it('is the same for ever', async () => {
    const { graph, labels, split, features } = await readWordNetGraph();
    const digest = (array: Int32Array) =>
      createHash('sha256').update(array).digest('hex').slice(0, 16);
    expect([graph.nodes, graph.columnIndices.length]).toEqual([95_981, 2 * 150_777]);
    expect([graph.rowPointers, graph.columnIndices, labels].map(digest)).toEqual([
      '84908650bb12b29c',
      '420b2be91becfcce',
      'd255dbdf2e650b07',
    ]);
    const parts = [split.train, split.valid, split.test];
    expect(parts.map(({ length }) => length)).toEqual([57_285, 19_427, 19_269]);
    expect(parts.map(digest)).toEqual(['65e5f53f235b07bd', '6e3515e4987bd6fa', 'f039703b20bfcdf5']);
    expect(new Set([...split.train, ...split.valid, ...split.test]).size).toBe(graph.nodes);
    expect(new Set(labels).size).toBe(wordNetNodeClasses.length);
    // Every gloss has words, so that every row has length 1.
    const squares = features.data.reduce((sum, value) => sum + value * value, 0);
    expect(Math.abs(squares / graph.nodes - 1)).toBeLessThan(1e-6);
  });
});
