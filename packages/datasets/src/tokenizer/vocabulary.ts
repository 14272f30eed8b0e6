import { DataError } from '@sketchgrad/core';
import { parseJsonObject, readText, textLines } from '../files.js';
import {
  type AddedToken,
  namedToken,
  type TokenizerConfig,
  type TokenizerDefinition,
} from './definition.js';

/**
 * BERT's tokenizer from its vocab.txt, a word piece a line. `config` may set `do_lower_case`,
 * `strip_accents`, `tokenize_chinese_chars` and the special tokens' names.
 *
 * @throws DataError where the vocabulary lacks [UNK], [CLS] or [SEP]
 */
export async function wordPieceFromVocabulary(
  file: string,
  config: TokenizerConfig,
): Promise<TokenizerDefinition> {
  const vocabulary = new Map(textLines(await readText(file)).map((token, index) => [token, index]));
  const unknown = namedToken(config, 'unk_token') ?? '[UNK]';
  const start = namedToken(config, 'cls_token') ?? '[CLS]';
  const end = namedToken(config, 'sep_token') ?? '[SEP]';
  const pad = namedToken(config, 'pad_token') ?? '[PAD]';
  const mask = namedToken(config, 'mask_token') ?? '[MASK]';
  const [, startId, endId] = [unknown, start, end].map((token) =>
    required(vocabulary, token, file),
  );
  const piece = (name: string, typeId: number) => ({ SpecialToken: { id: name, type_id: typeId } });
  const single = [piece(start, 0), { Sequence: { id: 'A', type_id: 0 } }, piece(end, 0)];
  return {
    model: {
      type: 'WordPiece',
      unk_token: unknown,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary),
    },
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: config.tokenize_chinese_chars ?? true,
      strip_accents: config.strip_accents ?? null,
      lowercase: config.do_lower_case ?? true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, { Sequence: { id: 'B', type_id: 1 } }, piece(end, 1)],
      special_tokens: { [start]: { ids: [startId!] }, [end]: { ids: [endId!] } },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    added_tokens: specialTokens(vocabulary, [pad, unknown, start, end, mask]),
  };
}

/**
 * RoBERTa's tokenizer from its vocab.json (token → index) and merges.txt (a pair a line, the most
 * frequent first). `config` may set `add_prefix_space` and the special tokens' names.
 *
 * @throws DataError where the vocabulary lacks <s>, </s> or <unk>, or a merge is not a pair
 */
export async function bytePairsFromVocabulary(
  vocabularyFile: string,
  mergesFile: string,
  config: TokenizerConfig,
): Promise<TokenizerDefinition> {
  const vocabulary = indicesOf(
    parseJsonObject(await readText(vocabularyFile), vocabularyFile),
    vocabularyFile,
  );
  const unknown = namedToken(config, 'unk_token') ?? '<unk>';
  const start = namedToken(config, 'cls_token') ?? '<s>';
  const end = namedToken(config, 'sep_token') ?? '</s>';
  const pad = namedToken(config, 'pad_token') ?? '<pad>';
  const mask = namedToken(config, 'mask_token') ?? '<mask>';
  required(vocabulary, unknown, vocabularyFile);
  const prefixed = config.add_prefix_space === true;
  return {
    model: {
      type: 'BPE',
      unk_token: unknown,
      vocab: Object.fromEntries(vocabulary),
      merges: mergesOf(await readText(mergesFile), mergesFile),
    },
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: prefixed, trim_offsets: true },
    post_processor: {
      type: 'RobertaProcessing',
      cls: [start, required(vocabulary, start, vocabularyFile)],
      sep: [end, required(vocabulary, end, vocabularyFile)],
    },
    decoder: { type: 'ByteLevel' },
    added_tokens: specialTokens(vocabulary, [start, pad, end, unknown, mask]).map((token) =>
      // A mask stands for a word with the space before it.
      token.content === mask ? { ...token, lstrip: true } : token,
    ),
  };
}

function indicesOf(content: Readonly<Record<string, unknown>>, file: string): Map<string, number> {
  const vocabulary = new Map<string, number>();
  for (const [token, index] of Object.entries(content)) {
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0) {
      throw new DataError(file, `token '${token}' has index ${index}: expected an integer from 0`);
    }
    vocabulary.set(token, index);
  }
  return vocabulary;
}

function mergesOf(text: string, file: string): [string, string][] {
  const merges: [string, string][] = [];
  textLines(text).forEach((line, index) => {
    if (line === '' || (index === 0 && line.startsWith('#version'))) return;
    const [left, right, ...rest] = line.split(' ');
    if (!left || !right || rest.length > 0) {
      throw new DataError(
        file,
        `'${line}': expected two parts with one space between them`,
        index + 1,
      );
    }
    merges.push([left, right]);
  });
  return merges;
}

function required(vocabulary: ReadonlyMap<string, number>, token: string, file: string): number {
  const index = vocabulary.get(token);
  if (index === undefined) {
    throw new DataError(file, `no special token '${token}' among its ${vocabulary.size} tokens`);
  }
  return index;
}

function specialTokens(
  vocabulary: ReadonlyMap<string, number>,
  names: readonly string[],
): AddedToken[] {
  return names.flatMap((content) => {
    const id = vocabulary.get(content);
    if (id === undefined) return [];
    const plain = { lstrip: false, rstrip: false, normalized: false, single_word: false };
    return [{ id, content, special: true, ...plain }];
  });
}
