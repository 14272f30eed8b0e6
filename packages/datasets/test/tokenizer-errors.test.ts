import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTokenizer } from '../src/node/index.js';

type Json = Record<string, unknown>;

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tokenizer-errors-'));
});
afterAll(() => rm(scratch, { recursive: true }));

async function folderOf(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(scratch, 'model-'));
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const load = async (files: Readonly<Record<string, unknown>>) =>
  loadTokenizer(await folderOf(files));

async function refusal(files: Readonly<Record<string, unknown>>): Promise<string> {
  const error: unknown = await load(files).then(
    () => 'loaded',
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

const pieces = '[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\n';
const vocabulary = { '[PAD]': 0, '[UNK]': 1, '[CLS]': 2, '[SEP]': 3, a: 4, b: 5 };
const added = (id: unknown, changes: Json = {}): Json => ({
  id,
  content: '[X]',
  special: true,
  lstrip: false,
  rstrip: false,
  normalized: false,
  single_word: false,
  ...changes,
});
const whole = (changes: Json = {}, model: Json = {}): Json => ({
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: vocabulary,
    ...model,
  },
  normalizer: { type: 'BertNormalizer', lowercase: true },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: null,
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  added_tokens: [],
  ...changes,
});
const bert = (rows: unknown): Json => ({ model_type: 'bert', vocab_size: rows });

describe('an index too large for the model', () => {
  const far = whole({ added_tokens: [added(50_000_000)] });

  it('is refused by its token, where the model is known', async () => {
    const message = /tokenizer\.json: added token '\[X\]' has index 50000000, .* only 32 tokens/;
    expect(await refusal({ 'tokenizer.json': far, 'config.json': bert(32) })).toMatch(message);
    const file = join(await folderOf({ 'tokenizer.json': far }), 'tokenizer.json');
    await expect(loadTokenizer(file, { embeddingRows: 32 })).rejects.toThrow(message);
  });

  it('tells how large it is where no model is, and nothing is allocated by it', async () => {
    const tokenizer = await load({ 'tokenizer.json': far });
    expect(tokenizer.vocabularySize).toBe(50_000_001);
    // As in transformers, a new token follows the vocabulary.
    expect([...tokenizer.encode('a [X] b', undefined, 8).tokenIds]).toEqual([4, 6, 5]);
  });

  it.each([
    ['added_tokens.json', { '[X]': 7 }],
    ['tokenizer_config.json', { added_tokens_decoder: { 7: { content: '[X]' } } }],
  ])('is refused in %s', async (file, content) => {
    const message = await refusal({
      'vocab.txt': pieces,
      'config.json': bert(7),
      [file]: content,
    });
    expect(message).toContain(file);
    expect(message).toMatch(/'\[X\]' has index 7, and the model has only 7 tokens: .* 0 to 6/);
  });

  it('is refused in a vocabulary', async () => {
    expect(await refusal({ 'vocab.txt': pieces, 'config.json': bert(5) })).toMatch(
      /vocab\.txt: this tokenizer has 6 tokens and the model only 5/,
    );
  });

  it('is refused in a text, where it is that of a token that no file has', async () => {
    const tokenizer = await load({ 'vocab.txt': pieces, 'config.json': bert(6) });
    expect(tokenizer.vocabularySize).toBe(6);
    expect([...tokenizer.encode('a b', undefined, 8).tokenIds]).toEqual([2, 4, 5, 3]);
    expect(() => tokenizer.encode('a [MASK]', undefined, 8)).toThrow(
      /holds '\[MASK\]', which has index 6, but the model has only 6 tokens/,
    );
  });

  it('is refused in a text, where it would be one behind the largest that there is', async () => {
    const indices = { '<s>': 0, '<pad>': 1, '</s>': 2, '<unk>': 2 ** 31 - 1, a: 4 };
    const tokenizer = await load({ 'vocab.json': indices, 'merges.txt': '' });
    expect(tokenizer.vocabularySize).toBe(2 ** 31);
    expect([...tokenizer.encode('a <unk>', undefined, 8).tokenIds]).toEqual([0, 4, 2 ** 31 - 1, 2]);
    expect(() => tokenizer.encode('a <mask>', undefined, 8)).toThrow(
      /holds '<mask>', which has index 2147483648/,
    );
  });

  it('needs a number of rows', async () => {
    expect(await refusal({ 'vocab.txt': pieces, 'config.json': bert(-1) })).toMatch(
      /config\.json: "vocab_size" is -1/,
    );
    const folder = await folderOf({ 'vocab.txt': pieces });
    await expect(loadTokenizer(folder, { embeddingRows: 0 })).rejects.toBeInstanceOf(UsageError);
    await expect(loadTokenizer(folder, { embeddingRows: 2.5 })).rejects.toBeInstanceOf(UsageError);
  });
});

describe('an index that is no whole number from 0', () => {
  it.each([[-1], [1.5], [2 ** 31], ['7'], [null], [1e300]])('%j', async (id) => {
    const name = /has index .*: expected an integer from 0/;
    expect(await refusal({ 'tokenizer.json': whole({ added_tokens: [added(id)] }) })).toMatch(name);
    expect(await refusal({ 'vocab.txt': pieces, 'added_tokens.json': { '[X]': id } })).toMatch(
      name,
    );
    expect(
      await refusal({ 'tokenizer.json': whole({}, { vocab: { ...vocabulary, c: id } }) }),
    ).toMatch(name);
    expect(await refusal({ 'vocab.json': { a: id }, 'merges.txt': '' })).toMatch(name);
  });

  it('as a key of added_tokens_decoder', async () => {
    for (const key of ['x', '-1', '1.5', '99999999999']) {
      const config = { added_tokens_decoder: { [key]: { content: '[X]' } } };
      expect(await refusal({ 'vocab.txt': pieces, 'tokenizer_config.json': config })).toMatch(
        /added token '\[X\]' has index/,
      );
    }
  });
});

describe('a post_processor that does not fit', () => {
  const special = (id: string, type_id: unknown = 0) => ({ SpecialToken: { id, type_id } });
  const sentence = (id: string) => ({ Sequence: { id, type_id: 0 } });
  const list = { '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] } };
  const template = (changes: Json): Json => ({
    type: 'TemplateProcessing',
    single: [special('[CLS]'), sentence('A')],
    pair: [special('[CLS]'), sentence('A'), sentence('B')],
    special_tokens: list,
    ...changes,
  });

  it('fits where nothing is wrong', async () => {
    const tokenizer = await load({ 'tokenizer.json': whole({ post_processor: template({}) }) });
    expect([...tokenizer.encode('a', 'b', 8).tokenIds]).toEqual([2, 4, 5]);
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', 5, /post_processor is 5: expected an object/],
    ['an unknown type', { type: 'Sorcery' }, /of type "Sorcery": expected BertProcessing/],
    [
      'another index',
      template({ special_tokens: { '[CLS]': { ids: [777], tokens: ['[CLS]'] } } }),
      /'\[CLS\]' is "\[CLS\]" with index 777: in the vocabulary its index is 2/,
    ],
    [
      'an index that is none',
      template({ special_tokens: { '[CLS]': { ids: [2.5], tokens: ['[CLS]'] } } }),
      /has index 2\.5/,
    ],
    [
      'no indices',
      template({ special_tokens: { '[CLS]': {} } }),
      /has ids undefined: expected a list/,
    ],
    [
      'a token that is none',
      { type: 'BertProcessing', cls: ['[START]', 9], sep: ['[SEP]', 3] },
      /'cls' is "\[START\]" with index 9: the vocabulary has no such token/,
    ],
    ['no cls', { type: 'RobertaProcessing', sep: ['[SEP]', 3] }, /has cls undefined/],
    ['no second sentence', template({ pair: [sentence('A')] }), /'pair' has the sentences first/],
    ['no sentence', template({ single: [special('[CLS]')] }), /'single' has no sentence/],
    [
      'one sentence twice',
      template({ single: [sentence('A'), sentence('A')] }),
      /'single' has the sentences first, first/,
    ],
    ['a third sentence', template({ single: [sentence('C')] }), /has Sequence "C": expected 'A'/],
    [
      'a type that is none',
      template({ single: [special('[CLS]', -1), sentence('A')] }),
      /has type_id -1: expected an integer/,
    ],
    ['no list', template({ single: 'A' }), /has single "A": expected a list/],
    ['a sequence of none', { type: 'Sequence', processors: 3 }, /has processors 3/],
  ])('%s', async (_, post_processor, message) => {
    expect(await refusal({ 'tokenizer.json': whole({ post_processor }) })).toMatch(message);
    // Also where BERT's own is taken in its place.
    expect(
      await refusal({ 'tokenizer.json': whole({ post_processor }), 'config.json': bert(9) }),
    ).toMatch(message);
  });
});

describe('what is malformed', () => {
  const config = (content: Json) => ({ 'vocab.txt': pieces, 'tokenizer_config.json': content });
  const json = (changes: Json, model?: Json) => ({ 'tokenizer.json': whole(changes, model) });

  it.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    ['a flag', json({ added_tokens: [added(6, { lstrip: 'no' })] }), /has lstrip "no": expected/],
    ['a token', json({ added_tokens: [added(6, { content: 5 })] }), /has content 5/],
    ['half a character', json({ added_tokens: [added(6, { content: '\ud83d' })] }), /not Unicode/],
    ['a token without index', json({ added_tokens: ['[X]'] }), /'\[X\]', has no index/],
    ['a list of tokens', json({ added_tokens: {} }), /added_tokens is \{\}: expected a list/],
    ['a normalizer', json({ normalizer: [] }), /normalizer is \[\]: expected an object/],
    [
      "a normalizer's field",
      json({ normalizer: { type: 'BertNormalizer', lowercase: 'yes' } }),
      /BertNormalizer has lowercase "yes": expected true or false/,
    ],
    [
      "a field within a sequence's",
      json({ normalizer: { type: 'Sequence', normalizers: [{ type: 'Strip', strip_left: 1 }] } }),
      /Strip has strip_left 1/,
    ],
    ['an unknown part', json({ pre_tokenizer: { type: 'Axe' } }), /not a usable tokenizer.*Axe/],
    ['no vocabulary', json({}, { vocab: 7 }), /has no vocabulary/],
    [
      'a merge of unknown tokens',
      json({}, { type: 'BPE', continuing_subword_prefix: '', merges: ['a b'] }),
      /merge 'a b': 'ab' is not among the 6 tokens/,
    ],
    ['a merge', json({}, { type: 'BPE', merges: [['a']] }), /merge \["a"\]: expected two tokens/],
    [
      'what is not done here',
      json({}, { type: 'BPE', dropout: 0.1, merges: [] }),
      /BPE has dropout 0\.1, which is not supported: expected 0/,
    ],
    ['a setting', config({ do_lower_case: 'yes' }), /do_lower_case is "yes": expected true or/],
    ['a named token', config({ pad_token: 5 }), /pad_token is 5: expected a token/],
    ['additional tokens', config({ additional_special_tokens: 'x' }), /are "x": expected a list/],
    ['added_tokens_decoder', config({ added_tokens_decoder: [] }), /decoder is \[\]: expected/],
    ['a side', config({ truncation_side: 'up' }), /config\.json: truncates on the side "up"/],
    ['a class', config({ tokenizer_class: 5 }), /tokenizer_class is 5: expected a name/],
    [
      'a class that needs other files',
      config({ tokenizer_class: 'RobertaTokenizer' }),
      /and for vocab\.json with merges\.txt, as RobertaTokenizer has it/,
    ],
    [
      'a class that is not made from vocab.txt',
      config({ tokenizer_class: 'BertJapaneseTokenizer' }),
      /'BertJapaneseTokenizer', which needs a tokenizer\.json; .* BertTokenizer is accepted/,
    ],
    [
      'a model of another class',
      { ...json({}, { type: 'BPE', merges: [] }), 'config.json': bert(9) },
      /of type "BPE", and the folder says BertTokenizer, which needs WordPiece/,
    ],
    [
      'a special_tokens_map.json',
      { 'vocab.txt': pieces, 'special_tokens_map.json': '[]' },
      /special_tokens_map\.json: expected a JSON object/,
    ],
  ])('%s', async (_, files, message) => {
    expect(await refusal(files)).toMatch(message);
  });
});

it.each(['tokenizer.json', 'tokenizer_config.json', 'vocab.txt'])(
  'a %s of more than 64 MiB is refused unread',
  async (name) => {
    const folder = await folderOf({ 'vocab.txt': pieces, [name]: ' ' });
    await truncate(join(folder, name), 64 * 2 ** 20 + 1);
    await expect(loadTokenizer(folder)).rejects.toThrow(
      `${name}: has 67108865 bytes: expected 67108864 at most`,
    );
  },
);
