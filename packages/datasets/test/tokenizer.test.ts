import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tokenizer } from '../src/index.js';
import { loadTokenizer } from '../src/node/index.js';
import { longestFirst } from '../src/tokenizer/truncation.js';

interface Case {
  readonly tokenizer: string;
  readonly first: string;
  readonly second: string | null;
  readonly maxLength: number;
  readonly tokenIds: readonly number[];
  readonly tokenTypeIds: readonly number[];
}

const fixtures = new URL('fixtures/', import.meta.url).pathname;
const cases: Case[] = JSON.parse(await readFile(join(fixtures, 'encodings.json'), 'utf8'));
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tokenizer-'));
});
afterAll(() => rm(scratch, { recursive: true }));

/** A folder with copies of some of a fixture's files. */
async function folderWith(fixture: string, ...files: string[]): Promise<string> {
  const folder = await mkdtemp(join(scratch, 'model-'));
  for (const file of files) await cp(join(fixtures, fixture, file), join(folder, file));
  return folder;
}

function encodedBy(tokenizer: Tokenizer, { first, second, maxLength }: Case) {
  const encoding = tokenizer.encode(first, second ?? undefined, maxLength);
  return { tokenIds: [...encoding.tokenIds], tokenTypeIds: [...encoding.tokenTypeIds] };
}

describe.each([
  ['word-piece', ['tokenizer.json', 'tokenizer_config.json']],
  ['word-piece', ['vocab.txt']],
  ['byte-pairs', ['tokenizer.json']],
  ['byte-pairs', ['vocab.json', 'merges.txt']],
])('%s from %j', (fixture, files) => {
  const own = cases.filter(({ tokenizer }) => tokenizer === fixture);

  it('gives the indices and types that transformers gives', async () => {
    const tokenizer = await loadTokenizer(await folderWith(fixture, ...files));
    expect(own.length).toBeGreaterThan(50);
    for (const expected of own) {
      const { tokenIds, tokenTypeIds } = expected;
      expect({ ...expected, ...encodedBy(tokenizer, expected) }).toEqual({
        ...expected,
        tokenIds,
        tokenTypeIds,
      });
    }
  });

  it('knows its padding token and its size', async () => {
    const tokenizer = await loadTokenizer(await folderWith(fixture, ...files));
    const pad =
      fixture === 'word-piece' ? { padToken: '[PAD]', padId: 0 } : { padToken: '<pad>', padId: 1 };
    expect(tokenizer).toMatchObject(pad);
    const largest = Math.max(...own.flatMap(({ tokenIds }) => tokenIds));
    expect(tokenizer.vocabularySize).toBeGreaterThan(largest);
  });
});

describe('encoding', () => {
  it('marks every token and says whether any were cut', async () => {
    const tokenizer = await loadTokenizer(join(fixtures, 'word-piece'));
    const whole = tokenizer.encode('hello world', undefined, 4);
    expect(whole).toMatchObject({ truncated: false });
    expect([...whole.attentionMask]).toEqual([1, 1, 1, 1]);
    expect(tokenizer.encode('hello world', undefined, 3)).toMatchObject({ truncated: true });
    expect(tokenizer.encode('hello world', 'hello', 5)).toMatchObject({ truncated: true });
  });

  it('never exceeds the longest length, however long the text', async () => {
    const tokenizer = await loadTokenizer(join(fixtures, 'byte-pairs'));
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.option(fc.string({ unit: 'grapheme', maxLength: 200 }), { nil: undefined }),
        fc.integer({ min: 4, max: 64 }),
        (first, second, maxLength) => {
          const { tokenIds, tokenTypeIds, attentionMask, truncated } = tokenizer.encode(
            first,
            second,
            maxLength,
          );
          expect(tokenIds.length).toBeLessThanOrEqual(maxLength);
          expect(tokenTypeIds.length).toBe(tokenIds.length);
          expect(attentionMask.length).toBe(tokenIds.length);
          if (truncated) expect(tokenIds.length).toBe(maxLength);
        },
      ),
    );
    const long = tokenizer.encode('hello world '.repeat(20_000), 'boat '.repeat(20_000), 128);
    expect(long).toMatchObject({ truncated: true });
    expect(long.tokenIds.length).toBe(128);
  });

  it('refuses a longest length that has no room for the special tokens', async () => {
    const tokenizer = await loadTokenizer(join(fixtures, 'byte-pairs'));
    expect(() => tokenizer.encode('a', 'b', 3)).toThrow(UsageError);
    expect(() => tokenizer.encode('a', undefined, 1)).toThrow(/is 1 tokens: .* at least 2/);
    expect(() => tokenizer.encode('a', undefined, 2.5)).toThrow(UsageError);
    expect(() => tokenizer.encode('a', undefined, Number.NaN)).toThrow(UsageError);
  });
});

describe('longestFirst', () => {
  it('fills the room, and cuts the shorter sentence only once both are half of it', () => {
    const length = fc.nat({ max: 60 });
    fc.assert(
      fc.property(length, length, length, (first, second, room) => {
        const [keptFirst, keptSecond] = longestFirst(first, second, room);
        expect(keptFirst).toBeLessThanOrEqual(first);
        expect(keptSecond).toBeLessThanOrEqual(second);
        expect(keptFirst + keptSecond).toBe(Math.min(first + second, room));
        const shorter = Math.min(first, second);
        if (Math.min(keptFirst, keptSecond) < shorter) {
          expect(Math.abs(keptFirst - keptSecond)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('loading', () => {
  it('says what it looked for in a folder without a tokenizer', async () => {
    const folder = await folderWith('byte-pairs', 'vocab.json');
    await expect(loadTokenizer(folder)).rejects.toThrow(
      /tokenizer\.json, for vocab\.json with merges\.txt, and for vocab\.txt/,
    );
    await expect(loadTokenizer(join(folder, 'absent'))).rejects.toBeInstanceOf(DataError);
  });

  it('refuses a vocabulary without a padding token', async () => {
    const folder = await folderWith('word-piece', 'vocab.txt');
    const file = join(folder, 'vocab.txt');
    await writeFile(file, (await readFile(file, 'utf8')).replace('[PAD]', '[FILL]'));
    await expect(loadTokenizer(folder)).rejects.toThrow(
      /vocab\.txt: no padding token: looked for '\[PAD\]' and '<pad>'/,
    );
    await writeFile(join(folder, 'tokenizer_config.json'), '{"pad_token": "[FILL]"}');
    expect(await loadTokenizer(folder)).toMatchObject({ padToken: '[FILL]', padId: 0 });
    await writeFile(join(folder, 'tokenizer_config.json'), '{"pad_token": "[GAP]"}');
    await expect(loadTokenizer(folder)).rejects.toThrow(/looked for '\[GAP\]'/);
  });

  it('names the file of a missing special token, a bad merge and bad JSON', async () => {
    const words = await folderWith('word-piece', 'vocab.txt');
    await writeFile(join(words, 'vocab.txt'), '[PAD]\n[UNK]\n[CLS]\nword\n');
    await expect(loadTokenizer(words)).rejects.toThrow(/vocab\.txt: no special token '\[SEP\]'/);

    const pairs = await folderWith('byte-pairs', 'vocab.json', 'merges.txt');
    await writeFile(join(pairs, 'merges.txt'), '#version: 0.2\na b\nonly\n');
    await expect(loadTokenizer(pairs)).rejects.toThrow(/merges\.txt:3: 'only': expected two parts/);
    await writeFile(join(pairs, 'vocab.json'), '{"a": "b"}');
    await expect(loadTokenizer(pairs)).rejects.toThrow(/vocab\.json: token 'a' has index b/);

    const whole = await folderWith('byte-pairs', 'tokenizer.json');
    const file = join(whole, 'tokenizer.json');
    await writeFile(file, '{"model": ');
    await expect(loadTokenizer(whole)).rejects.toThrow(/tokenizer\.json: is not JSON/);
    await writeFile(file, '[]');
    await expect(loadTokenizer(whole)).rejects.toThrow(/expected a JSON object/);
    await writeFile(file, '{"version": "1.0"}');
    await expect(loadTokenizer(whole)).rejects.toThrow(/has no 'model'/);
    await writeFile(file, '{"model": {"type": "Sorcery"}}');
    await expect(loadTokenizer(whole)).rejects.toThrow(/is not a usable tokenizer/);
  });

  it('names a post-processor that it does not know', async () => {
    const folder = await folderWith('byte-pairs', 'tokenizer.json');
    const file = join(folder, 'tokenizer.json');
    const content = JSON.parse(await readFile(file, 'utf8'));
    content.post_processor = {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<start>', type_id: 0 } }],
      pair: [],
      special_tokens: {},
    };
    await writeFile(file, JSON.stringify(content));
    await expect(loadTokenizer(folder)).rejects.toThrow(/special token '<start>'/);
  });

  it('reads a vocabulary with CRLF line ends', async () => {
    const folder = await folderWith('word-piece', 'vocab.txt');
    const file = join(folder, 'vocab.txt');
    await writeFile(file, (await readFile(file, 'utf8')).replaceAll('\n', '\r\n'));
    const [expected] = cases.filter(({ first }) => first === 'Hello world!');
    expect(encodedBy(await loadTokenizer(folder), expected!)).toMatchObject({
      tokenIds: expected!.tokenIds,
    });
  });
});
