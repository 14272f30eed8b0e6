import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tokenizer } from '../src/index.js';
import { loadTokenizer } from '../src/node/index.js';

type Files = Readonly<Record<string, unknown>>;

interface Folders {
  /** What several folders have, by the text that stands for it. */
  readonly shared?: Readonly<Record<string, unknown>>;
  /** [first, second, longest length] */
  readonly texts: readonly [string, string | null, number | null][];
  /** For each text, every answer that some folder gives. */
  readonly encodings: readonly (readonly string[])[];
  readonly folders: readonly {
    readonly name: string;
    readonly files: Files;
    readonly padTokenId: number | null;
    readonly answers: readonly number[];
  }[];
}

interface Case {
  readonly files: Files;
  readonly padTokenId: number | null;
  readonly texts: Readonly<Record<string, readonly number[]>>;
}

const fixture = (name: string) => new URL(`fixtures/${name}`, import.meta.url).pathname;
const read = (name: string) => readFile(fixture(name), 'utf8');
const fixtures: readonly (readonly [string, Folders])[] = [
  ['of BERT and RoBERTa', JSON.parse(await read('tokenizer-folders.json'))],
  ['of Unigram models', JSON.parse(await read('unigram-folders.json'))],
];
const cases: Record<string, Case> = JSON.parse(await read('tokenizer-cases.json'));
const wordPieces = await read('word-piece/vocab.txt');
const bytePairs = await read('byte-pairs/vocab.json');
const merges = await read('byte-pairs/merges.txt');
const longest = 512;
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tokenizer-folders-'));
});
afterAll(() => rm(scratch, { recursive: true }));

/** A file's text, with the shared vocabulary in place of what stands for it. */
function filled(name: string, content: unknown, shared: Readonly<Record<string, unknown>>): string {
  if (content === '$merges') return merges;
  if (content === '$vocabulary') return name === 'vocab.txt' ? wordPieces : bytePairs;
  if (typeof content === 'string') return content;
  const text = JSON.stringify(content);
  const pieces = wordPieces.trimEnd().split('\n');
  const vocabulary = text.includes('"type":"BPE"')
    ? bytePairs
    : JSON.stringify(Object.fromEntries(pieces.map((piece, index) => [piece, index])));
  const pairs = merges.split('\n').filter((line) => line !== '' && !line.startsWith('#version'));
  const own = { ...shared, $merges: pairs };
  return Object.entries(own).reduce(
    (current, [place, value]) => current.replace(`"${place}"`, () => JSON.stringify(value)),
    text.replace('"$vocabulary"', () => vocabulary),
  );
}

async function loadFolder(
  name: string,
  files: Files,
  shared: Readonly<Record<string, unknown>> = {},
): Promise<Tokenizer> {
  const folder = join(scratch, name.replaceAll(/[^a-z]+/gi, '-'));
  await mkdir(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    await writeFile(join(folder, file), filled(file, content, shared));
  }
  const tokenizer = await loadTokenizer(folder);
  await rm(folder, { recursive: true });
  return tokenizer;
}

it('has at least 50 folders, with at least 200 texts', () => {
  const [[, first], [, second]] = fixtures as [(typeof fixtures)[0], (typeof fixtures)[0]];
  expect(first.folders.length + second.folders.length).toBeGreaterThanOrEqual(50);
  expect(Math.min(first.texts.length, second.texts.length)).toBeGreaterThanOrEqual(200);
});

describe.each(fixtures)('folders %s, encoded as transformers encodes them', (_, fixture) => {
  const { shared, texts, encodings, folders } = fixture;

  it.each(folders)('$name', async ({ name, files, padTokenId, answers }) => {
    const tokenizer = await loadFolder(name, files, shared);
    const differences = texts.flatMap(([first, second, maxLength], index) => {
      const { tokenIds, tokenTypeIds } = tokenizer.encode(
        first,
        second ?? undefined,
        maxLength ?? longest,
      );
      const types = second === null ? '' : ` | ${tokenTypeIds.join('')}`;
      const found = `${tokenIds.join(' ')}${types}`;
      const expected = encodings[index]![answers[index]!];
      return found === expected ? [] : [{ first, second, maxLength, expected, found }];
    });
    expect(differences).toEqual([]);
    // Where no file names a padding token, transformers has none.
    if (padTokenId !== null) expect(tokenizer.padId).toBe(padTokenId);
  });
});

describe('folders on which the tokenizer was wrong once', () => {
  it.each(Object.entries(cases))('%s', async (name, { files, padTokenId, texts: expected }) => {
    const tokenizer = await loadFolder(name, files);
    const found = Object.keys(expected).map((text) => [
      text,
      [...tokenizer.encode(text, undefined, longest).tokenIds],
    ]);
    expect(Object.fromEntries(found)).toEqual(expected);
    if (padTokenId !== null) expect(tokenizer.padId).toBe(padTokenId);
  });
});
