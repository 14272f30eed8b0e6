import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { FuzzReader } from '@sketchgrad/testing/fuzz';
import type { Tokenizer } from '../../src/index.js';
import { loadTokenizer } from '../../src/node/index.js';

interface Answer {
  readonly tokenizer: Tokenizer;
  readonly encodings: readonly ReturnType<Tokenizer['encode']>[];
}

const pairs: readonly [string, string | undefined][] = [
  ['', undefined],
  ['Hello world, a [X] boat!', undefined],
  ['Café\u0301 ÜBER 中文 \u200b\u3000😀 <num>\t[MASK]</s>', 'the rocks [SEP] don’t 123'],
  ['unaffordable '.repeat(40), 'x'.repeat(300)],
];
const longest = 48;

const encodeAll = (tokenizer: Tokenizer) =>
  pairs.map(([first, second]) => tokenizer.encode(first, second, longest));

/** A model folder's tokenizer, in whatever files it comes. */
export const tokenizer: FuzzReader<Answer> = {
  name: 'tokenizer',
  samples,
  tokens: [
    ...['"added_tokens":[', '"special":true', '"content":"', '"id":', '"normalized":true'],
    ...['"type":"Sequence"', '"processors":[', '"normalizers":[', '"pretokenizers":['],
    ...['"WordPiece"', '"BPE"', '"Unigram"', '"ByteLevel"', '"TemplateProcessing"'],
    ...['"Precompiled"', '"Metaspace"', '"camembert"', '"xlm-roberta"', '"distilbert"'],
    ...['"pad_token":', '"added_tokens_decoder":{', '"tokenizer_class":', '"__proto__":'],
    ...['[X]', '<num>', '##', 'Ġ', '\\ud83d', '\\u0000', '{"":', '[[[[[[[[', '"a b"', 'null'],
  ],
  read: async ({ folder }) => {
    const loaded = await loadTokenizer(folder);
    return { tokenizer: loaded, encodings: encodeAll(loaded) };
  },
  check: ({ tokenizer: loaded, encodings }, { files }) => {
    const rows = vocabSize(files);
    assert.ok(loaded.padId >= 0 && loaded.padId < loaded.vocabularySize);
    if (rows !== undefined) assert.ok(loaded.vocabularySize <= rows);
    const known = knownTokens(files);
    for (const { tokenIds, tokenTypeIds, attentionMask, truncated } of encodings) {
      assert.ok(tokenIds.length <= longest);
      assert.equal(tokenTypeIds.length, tokenIds.length);
      assert.ok(attentionMask.every((value) => value === 1));
      assert.ok(!truncated || tokenIds.length === longest);
      for (const id of tokenIds) {
        assert.ok(id >= 0 && id < loaded.vocabularySize);
        if (known !== undefined) assert.ok(known.has(id), `${id} is in no file`);
      }
    }
    // Words are remembered between calls.
    assert.deepEqual(encodeAll(loaded), encodings);
  },
};

const text = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? undefined : new TextDecoder().decode(bytes);

function vocabSize(files: Readonly<Record<string, Uint8Array>>): number | undefined {
  const config = text(files['config.json']);
  return config === undefined ? undefined : JSON.parse(config).vocab_size;
}

/** The indices that a folder's vocabulary has, and those behind it, which added tokens take. */
function knownTokens(
  files: Readonly<Record<string, Uint8Array>>,
): { has(id: number): boolean } | undefined {
  const list =
    JSON.parse(text(files['tokenizer.json']) ?? 'null')?.model.vocab ??
    JSON.parse(text(files['vocab.json']) ?? 'null');
  if (list === null || Array.isArray(list)) return undefined;
  const ids = new Set<number>(Object.values(list));
  return { has: (id) => ids.has(id) || id >= ids.size };
}

async function samples() {
  const read = (name: string) => readFile(new URL(`../fixtures/${name}`, import.meta.url));
  const json = (content: unknown) => Buffer.from(JSON.stringify(content));
  const [wordPieces, bytePairs] = [
    { 'tokenizer.json': await read('word-piece/tokenizer.json') },
    { 'tokenizer.json': await read('byte-pairs/tokenizer.json') },
  ];
  const unigram = JSON.parse((await read('unigram-folders.json')).toString());
  const sentencePieces = unigram.folders
    .filter(({ name }: { name: string }) => /by the model's type|as converted/.test(name))
    .map(({ files }: { files: Record<string, unknown> }) =>
      Object.fromEntries(
        Object.entries(files).map(([name, content]) => [
          name,
          Buffer.from(
            Object.entries(unigram.shared).reduce(
              (text, [place, value]) => text.replace(`"${place}"`, () => JSON.stringify(value)),
              JSON.stringify(content),
            ),
          ),
        ]),
      ),
    );
  const added = { content: '[X]', special: true, lstrip: true, single_word: true };
  const decoder = json({ added_tokens_decoder: { 300: added, 301: { content: '<num>' } } });
  const config = (type: string) => json({ model_type: type, vocab_size: 420 });
  return [
    wordPieces,
    bytePairs,
    { ...wordPieces, 'config.json': config('bert'), 'tokenizer_config.json': decoder },
    { ...bytePairs, 'config.json': config('roberta') },
    ...sentencePieces,
    {
      'vocab.txt': await read('word-piece/vocab.txt'),
      'config.json': config('bert'),
      'added_tokens.json': json({ '[X]': 150, '<num>': 151 }),
      'special_tokens_map.json': json({ cls_token: '[UNK]', additional_special_tokens: ['[X]'] }),
      'tokenizer_config.json': json({ do_lower_case: false, truncation_side: 'left' }),
    },
    {
      'vocab.json': await read('byte-pairs/vocab.json'),
      'merges.txt': await read('byte-pairs/merges.txt'),
      'tokenizer_config.json': json({ add_prefix_space: true, mask_token: added }),
    },
  ];
}
