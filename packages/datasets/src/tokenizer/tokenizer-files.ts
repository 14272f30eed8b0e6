import { join } from 'node:path';
import { DataError } from '@sketchgrad/core';
import { kindOfPath, parseJsonObject, readText } from '../files.js';
import type { JsonFile } from './definition.js';
import { shown } from './shown.js';

/**
 * Bytes that a tokenizer's file may have, well above what vocabularies of 250,000 tokens take. Read and
 * parsed, a file takes several times its size.
 */
const MOST_BYTES = 64 * 2 ** 20;

/** A text file's content, and the file. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** What a model's folder holds of its tokenizer. What is not there is undefined. */
export interface TokenizerFiles {
  /** The folder or the file that was asked for. */
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

/**
 * Reads a tokenizer's files.
 *
 * @param path a model's folder, or a tokenizer.json, which is then all there is
 * @throws DataError where a file cannot be read, or is not a JSON object that should be one
 */
export async function readTokenizerFiles(path: string): Promise<TokenizerFiles> {
  if ((await kindOfPath(path)) === 'file') return { source: path, whole: await readJson(path) };
  const text = async (name: string): Promise<TextFile | undefined> => {
    const file = join(path, name);
    return (await kindOfPath(file)) === 'file'
      ? { file, text: await readText(file, MOST_BYTES) }
      : undefined;
  };
  const json = async (name: string): Promise<JsonFile | undefined> => {
    const file = join(path, name);
    return (await kindOfPath(file)) === 'file' ? readJson(file) : undefined;
  };
  const beside = {
    source: path,
    config: await json('tokenizer_config.json'),
    specialTokensMap: await json('special_tokens_map.json'),
    addedTokens: await json('added_tokens.json'),
    model: await json('config.json'),
  };
  const whole = await json('tokenizer.json');
  if (whole !== undefined) return { ...beside, whole };
  return {
    ...beside,
    wordPieces: await text('vocab.txt'),
    bytePairs: await json('vocab.json'),
    merges: await text('merges.txt'),
  };
}

async function readJson(file: string): Promise<JsonFile> {
  return { file, content: parseJsonObject(await readText(file, MOST_BYTES), file) };
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
