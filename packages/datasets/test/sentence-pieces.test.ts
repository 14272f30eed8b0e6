import { DataError } from '@sketchgrad/core';
import { expect, it } from 'vitest';
import { parseTokenizer, type TokenizerContents } from '../src/index.js';

const pieces = ['<s>', '<pad>', '</s>', '<unk>', 'a'].map((piece) => [piece, 0]);

const whole = (model: object, normalizer: object | null = null): TokenizerContents => ({
  'tokenizer.json': JSON.stringify({
    normalizer,
    model: { type: 'Unigram', unk_id: 3, vocab: pieces, ...model },
  }),
});

const named = (tokenizer_class: string): TokenizerContents => ({
  'tokenizer_config.json': JSON.stringify({ tokenizer_class }),
});

const typed = (model_type: string): TokenizerContents => ({
  'config.json': JSON.stringify({ model_type }),
});

const charsmap = (precompiled_charsmap: unknown) =>
  whole({}, { type: 'Precompiled', precompiled_charsmap });

it.each<[string, TokenizerContents, RegExp]>([
  [
    'SentencePiece that nobody has converted',
    typed('xlm-roberta'),
    /looked for tokenizer\.json, to which transformers' save_pretrained converts a sentencepiece\.bpe\.model, which is not read, as a model of type "xlm-roberta" has it/,
  ],
  ['no pieces', whole({ vocab: [] }), /vocab is \[\]: expected pairs of a token and its score/],
  [
    'a piece without a score',
    whole({ vocab: [['a', 0], ['b']] }),
    /vocabulary entry 1 is \["b"\]: expected a token and its score/,
  ],
  [
    'word pieces',
    { ...whole({ type: 'WordPiece' }), ...named('CamembertTokenizer') },
    /of type "WordPiece", and the folder says CamembertTokenizer, which needs Unigram/,
  ],
  [
    'no piece for what is unknown',
    { ...whole({ vocab: pieces.slice(0, 3) }), ...named('XLMRobertaTokenizer') },
    /has 3 tokens, and none for what it does not know/,
  ],
  ['a normalisation that is none', charsmap(7), /Precompiled has precompiled_charsmap 7/],
  ['one that is not base64', charsmap('*'), /a precompiled_charsmap that is not base64/],
  ['one that is cut short', charsmap('AAQAAA=='), /has a trie of 1024 bytes in a map of 4/],
  ['one that leads nowhere', charsmap('BAAAAAD8/wM='), /Precompiled has no place \d+ in its trie/],
])('%s is refused', (_, files, message) => {
  expect(() => parseTokenizer(files)).toThrow(DataError);
  expect(() => parseTokenizer(files)).toThrow(message);
});
