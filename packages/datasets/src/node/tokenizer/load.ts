import { join } from 'node:path';
import { checkOptions, checkText } from '@sketchgrad/core';
import { type TokenizerOptions, tokenizerOf } from '../../tokenizer/parse.js';
import type { Tokenizer } from '../../tokenizer/tokenizer.js';
import {
  type TextFile,
  type TokenizerTexts,
  tokenizerFileNames,
  tokenizerFiles,
} from '../../tokenizer/tokenizer-files.js';
import { kindOfPath, readText } from '../files.js';

/**
 * Bytes that a tokenizer's file may have, well above what vocabularies of 250,000 tokens take. Read and
 * parsed, a file takes several times its size.
 */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * Loads the tokenizer of a model folder as transformers 5 loads it (`AutoTokenizer`), which is what
 * `parseTokenizer` makes of the files that are there.
 *
 * @param path the folder, or a tokenizer.json, which then counts alone and as it is
 * @throws DataError where files are missing, malformed, larger than 64 MiB or do not fit together, an
 * index is no whole number from 0 or too large for the model, or the vocabulary has no padding token;
 * UsageError for an option that is no number of rows
 */
export async function loadTokenizer(
  path: string,
  options: TokenizerOptions = {},
): Promise<Tokenizer> {
  checkText('path', path);
  checkOptions('loadTokenizer', options, { embeddingRows: true });
  return tokenizerOf(tokenizerFiles(path, await readTexts(path)), options);
}

async function readTexts(path: string): Promise<TokenizerTexts> {
  const read = async (file: string): Promise<TextFile> => ({
    file,
    text: await readText(file, MOST_BYTES),
  });
  if ((await kindOfPath(path)) === 'file') return { 'tokenizer.json': await read(path) };
  const texts: Partial<Record<keyof TokenizerTexts, TextFile>> = {};
  for (const name of tokenizerFileNames) {
    const file = join(path, name);
    // Beside a tokenizer.json no other vocabulary counts.
    if (texts['tokenizer.json'] !== undefined && /^(vocab|merges)\./.test(name)) continue;
    if ((await kindOfPath(file)) === 'file') texts[name] = await read(file);
  }
  return texts;
}
