import { DataError } from '@sketchgrad/core';
import { parseJsonObject } from '../text.js';
import type { JsonFile } from './definition.js';
import { shown } from './shown.js';

/** A text file's content, and the file. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** What a model's files say of its tokenizer. What is not there is undefined. */
export interface TokenizerFiles {
  /** What errors call them all: a folder, or the one file that there is. */
  readonly source: string;
  /** tokenizer.json: a whole tokenizer of the tokenizers library. */
  readonly whole?: JsonFile | undefined;
  /** vocab.txt: BERT's word pieces, one a line. */
  readonly wordPieces?: TextFile | undefined;
  /** vocab.json: RoBERTa's tokens with their indices. */
  readonly bytePairs?: JsonFile | undefined;
  /** merges.txt: RoBERTa's pairs, the most frequent first. */
  readonly merges?: TextFile | undefined;
  /** tokenizer_config.json. */
  readonly config?: JsonFile | undefined;
  /** special_tokens_map.json. */
  readonly specialTokensMap?: JsonFile | undefined;
  /** added_tokens.json. */
  readonly addedTokens?: JsonFile | undefined;
  /** The model's config.json. */
  readonly model?: JsonFile | undefined;
}

/** The names of all files that say something of a tokenizer. */
export const tokenizerFileNames = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'config.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
] as const;

/** The text of each of a tokenizer's files. */
export type TokenizerTexts = Readonly<
  Partial<Record<(typeof tokenizerFileNames)[number], TextFile>>
>;

/**
 * What a tokenizer's files hold. Where there is a tokenizer.json, no other file with a vocabulary counts.
 *
 * @param source what errors call all of them
 * @throws DataError where a file is not a JSON object that should be one
 */
export function tokenizerFiles(source: string, texts: TokenizerTexts): TokenizerFiles {
  const json = (name: keyof TokenizerTexts): JsonFile | undefined => {
    const found = texts[name];
    return found && { file: found.file, content: parseJsonObject(found.text, found.file) };
  };
  const beside = {
    source,
    config: json('tokenizer_config.json'),
    specialTokensMap: json('special_tokens_map.json'),
    addedTokens: json('added_tokens.json'),
    model: json('config.json'),
  };
  const whole = json('tokenizer.json');
  if (whole !== undefined) return { ...beside, whole };
  return {
    ...beside,
    wordPieces: texts['vocab.txt'],
    bytePairs: json('vocab.json'),
    merges: texts['merges.txt'],
  };
}

/** A field of tokenizer_config.json; undefined where there is no such file, or it leaves it out. */
export function setting(files: TokenizerFiles, name: string): unknown {
  const content = files.config?.content;
  return content !== undefined && Object.hasOwn(content, name) ? content[name] : undefined;
}

/**
 * A field of tokenizer_config.json that is true or false.
 *
 * @param fallback where it is left out or null
 * @throws DataError where it is anything else
 */
export function flag<Fallback>(
  files: TokenizerFiles,
  name: string,
  fallback: Fallback,
): boolean | Fallback {
  const value = setting(files, name) ?? undefined;
  if (value === undefined) return fallback;
  if (typeof value === 'boolean') return value;
  throw new DataError(files.config!.file, `${name} is ${shown(value)}: expected true or false`);
}

/**
 * How many rows the model's embedding has by its config.json; undefined where there is none.
 *
 * @throws DataError where its vocab_size is no whole number above 0
 */
export function embeddingRowsOf({ model }: TokenizerFiles): number | undefined {
  const rows = model?.content.vocab_size;
  if (rows === undefined) return undefined;
  if (typeof rows === 'number' && Number.isSafeInteger(rows) && rows > 0) return rows;
  throw new DataError(model!.file, `"vocab_size" is ${shown(rows)}; accepted: a whole number ≥ 1`);
}
