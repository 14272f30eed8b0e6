import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import {
  glueTask,
  glueTaskNames,
  parseGlue,
  parseNpy,
  parseTokenizer,
  parseWordNet,
  parseWordNetGraph,
  type TokenizerContents,
} from '../src/index.js';
import { readNpy } from '../src/node/graphs/read-npy.js';
import { loadTokenizer, readGlue, readWordNet, readWordNetGraph } from '../src/node/index.js';
import { npy as npyFiles } from './fuzz/npy.js';
import { tokenizer as tokenizers } from './fuzz/tokenizer.js';
import { glueFiles } from './glue-files.js';
import { temporaryFolder } from './graphs/graph-folder.js';

const folder = temporaryFolder();

function written(files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder.path, name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content);
  }
  return folder.path;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('parseTokenizer', () => {
  it.each([0, 1, 2, 3, 4, 5])(
    'gives what loadTokenizer gives of the folder: sample %i',
    async (place) => {
      const files = (await tokenizers.samples())[place]!;
      const loaded = await loadTokenizer(written(files));
      const texts = Object.entries(files).map(([name, bytes]) => [name, text(bytes)]);
      for (const contents of [files as TokenizerContents, Object.fromEntries(texts)]) {
        const parsed = parseTokenizer(contents);
        for (const words of ['Café ÜBER [X] <num> the rocks', '']) {
          expect(parsed.encode(words, 'a [MASK] b', 32)).toEqual(
            loaded.encode(words, 'a [MASK] b', 32),
          );
        }
        expect(parsed.vocabularySize).toBe(loaded.vocabularySize);
        expect(parsed.padId).toBe(loaded.padId);
        expect(parsed.source).toBe('the files given');
      }
    },
  );

  it('passes over a vocabulary beside a tokenizer.json', async () => {
    const files = (await tokenizers.samples())[0] as TokenizerContents;
    const parsed = parseTokenizer({ ...files, 'vocab.json': '{', 'vocab.txt': '' });
    expect(parsed.vocabularySize).toBe(parseTokenizer(files).vocabularySize);
  });

  it.each<[string, TokenizerContents, object, RegExp]>([
    ['no file', {}, { source: 'bert' }, /^bert: no tokenizer here: looked for tokenizer\.json/],
    ['no JSON', { 'tokenizer.json': '{' }, {}, /^tokenizer\.json: is not JSON/],
    [
      'no UTF-8',
      { 'vocab.txt': Uint8Array.of(97, 10, 0xff) },
      {},
      /^vocab\.txt:2: is not UTF-8 text/,
    ],
  ])('refuses %s', (_, files, options, message) => {
    expect(() => parseTokenizer(files, options)).toThrow(DataError);
    expect(() => parseTokenizer(files, options)).toThrow(message);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'a file that nothing reads',
      { 'tokenizer_confg.json': '{}' },
      /^parseTokenizer reads no file 'tokenizer_confg\.json' \(did you mean 'tokenizer_config\.json'\?\)/,
    ],
    [
      'an object of a file',
      { 'tokenizer.json': { model: {} } },
      /^the content of tokenizer\.json is .*: expected text, or its bytes in a Uint8Array$/,
    ],
    ['a path', 'model', /^parseTokenizer takes the content of files by their names/],
  ])('refuses %s', (_, files, message) => {
    expect(() => parseTokenizer(files as TokenizerContents)).toThrow(UsageError);
    expect(() => parseTokenizer(files as TokenizerContents)).toThrow(message);
  });
});

describe('parseGlue', () => {
  it.each(glueTaskNames)('gives what readGlue gives of the folder: %s', async (name) => {
    written(glueFiles[name]);
    const { folder: own, splits } = glueTask(name);
    for (const [path, table] of Object.entries(glueFiles[name])) {
      const split = (Object.keys(splits) as (keyof typeof splits)[]).find((each) =>
        splits[each]!.names.some((file) => path === `${own}/${file}`),
      )!;
      const read = await readGlue(name, split, folder.path);
      for (const content of [table, `\ufeff${table.replace(/^\ufeff/, '')}`, Buffer.from(table)]) {
        const parsed = parseGlue(name, split, content, { file: join(folder.path, path) });
        expect(parsed).toEqual(read);
      }
    }
  });

  it('calls a table by its official name unless it is told another', () => {
    expect(() => parseGlue('rte', 'dev', 'index\n')).toThrow(
      /^dev\.tsv: has a header line and no rows/,
    );
    expect(() => parseGlue('rte', 'test_mismatched', 'index\n')).toThrow(
      /^the task rte has no split 'test_mismatched': expected one of train, dev, test/,
    );
  });
});

describe('parseNpy', () => {
  it.each([0, 1, 2])('gives what the file gives: sample %i', async (place) => {
    const files = (await npyFiles.samples())[place]!;
    const read = await readNpy(join(written(files), 'node-feat.npy'));
    const bytes = Object.values(files)[0]!;
    expect(parseNpy(bytes)).toEqual(read);
    // Bytes that do not begin where their buffer does, and at an odd place of it.
    const moved = new Uint8Array(bytes.length + 3).subarray(3);
    moved.set(bytes);
    expect(parseNpy(moved)).toEqual(read);
  });

  it('refuses bytes that are cut off, or more than they say', async () => {
    const bytes = Object.values((await npyFiles.samples())[0]!)[0]!;
    expect(() => parseNpy(bytes.subarray(0, -1), 'x.npy')).toThrow(/^x\.npy: has \d+ bytes: exp/);
    expect(() => parseNpy(new Uint8Array([...bytes, 0]))).toThrow(DataError);
    expect(() => parseNpy(bytes.subarray(0, 11))).toThrow(/is not a NumPy file/);
  });
});

const noun = '00001740 03 n 01 word 0 001 ~ 00001930 n 0000 | that which is; "it is"  \n';
const dictionary = {
  'data.noun': `  1 a licence  \n${noun}00001930 05 n 01 cow 0 000 | a beast  \n`,
  'data.verb': '00001740 29 v 01 breathe 0 000 | draw air  \n',
  'data.adj': '00001740 00 s 01 wooden 0 000 | of wood  \n',
  'data.adv': '00001740 02 r 01 soon 0 000 | soon  \n',
};

describe('WordNet from texts', () => {
  it('is what its folder is', async () => {
    const directory = written(dictionary);
    for (const split of ['train', 'dev'] as const) {
      const { rows } = await readWordNet({ split, directory });
      expect(parseWordNet(dictionary, { split }).rows).toEqual(rows);
    }
    const graph = await readWordNetGraph({ directory, features: 8 });
    const { 'data.noun': nouns, 'data.verb': verbs } = dictionary;
    const bytes = { 'data.noun': Buffer.from(nouns), 'data.verb': Buffer.from(verbs) };
    expect(parseWordNetGraph(bytes, { features: 8 })).toEqual(graph);
    expect(graph.graph.columnIndices).toHaveLength(2);
  });

  it('says which file is missing', () => {
    const { 'data.adv': _, ...others } = dictionary;
    expect(() => parseWordNet(others, { split: 'dev' })).toThrow(
      /^the content of data\.adv is missing: expected that of data\.noun, data\.verb, data\.adj, /,
    );
  });
});
