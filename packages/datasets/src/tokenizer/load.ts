import { join } from 'node:path';
import { DataError } from '@sketchgrad/core';
import { kindOfPath, parseJsonObject, readText, reasonOf } from '../files.js';
import { correctTokenizer } from './corrections.js';
import {
  namedToken,
  type TokenizerConfig,
  type TokenizerDefinition,
  type TokenizerSource,
} from './definition.js';
import { type TextTokenizer, Tokenizer as TextTokenizerOf } from './library.js';
import { SequenceTokenizer } from './sequence.js';
import type { Tokenizer } from './tokenizer.js';
import { bytePairsFromVocabulary, wordPieceFromVocabulary } from './vocabulary.js';

/**
 * Loads the tokenizer of a model folder: tokenizer.json (with tokenizer_config.json where there is
 * one), or else RoBERTa's vocab.json and merges.txt, or else BERT's vocab.txt. Padding and truncation
 * that the file asks for are not done: `encode` is told how long a sequence may be, and batching pads.
 *
 * @param path the folder, or a tokenizer.json
 * @throws DataError where files are missing or malformed, or the vocabulary has no padding token
 */
export async function loadTokenizer(path: string): Promise<Tokenizer> {
  const { definition, config, file } = await readSource(path);
  let tokenizer: TextTokenizer;
  try {
    tokenizer = new TextTokenizerOf(definition, config);
  } catch (cause) {
    throw new DataError(file, `is not a usable tokenizer (${reasonOf(cause)})`, undefined, {
      cause,
    });
  }
  correctTokenizer(tokenizer);
  return new SequenceTokenizer(path, tokenizer, definition.post_processor, {
    file,
    padToken: padTokenOf(tokenizer, definition, config, file),
  });
}

async function readSource(path: string): Promise<TokenizerSource> {
  if ((await kindOfPath(path)) === 'file') {
    return { definition: await readDefinition(path), config: {}, file: path };
  }
  const [whole, vocabulary, merges, wordPieces, settings] = [
    'tokenizer.json',
    'vocab.json',
    'merges.txt',
    'vocab.txt',
    'tokenizer_config.json',
  ].map((name) => join(path, name)) as [string, string, string, string, string];
  const isFile = async (file: string) => (await kindOfPath(file)) === 'file';
  const config: TokenizerConfig = (await isFile(settings))
    ? parseJsonObject(await readText(settings), settings)
    : {};
  if (await isFile(whole)) return { definition: await readDefinition(whole), config, file: whole };
  if ((await isFile(vocabulary)) && (await isFile(merges))) {
    const definition = await bytePairsFromVocabulary(vocabulary, merges, config);
    return { definition, config, file: vocabulary };
  }
  if (await isFile(wordPieces)) {
    const definition = await wordPieceFromVocabulary(wordPieces, config);
    return { definition, config, file: wordPieces };
  }
  throw new DataError(
    path,
    'no tokenizer here: looked for tokenizer.json, for vocab.json with merges.txt, and for vocab.txt',
  );
}

async function readDefinition(file: string): Promise<TokenizerDefinition> {
  const content = parseJsonObject(await readText(file), file);
  const { model } = content;
  if (typeof model !== 'object' || model === null) {
    throw new DataError(
      file,
      "has no 'model': expected a tokenizer.json of the tokenizers library",
    );
  }
  const absent = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
  return { added_tokens: [], ...absent, ...content } as unknown as TokenizerDefinition;
}

function padTokenOf(
  tokenizer: TextTokenizer,
  definition: TokenizerDefinition,
  config: TokenizerConfig,
  file: string,
): string {
  const named = namedToken(config, 'pad_token') ?? definition.padding?.pad_token;
  const candidates = named === undefined ? ['[PAD]', '<pad>'] : [named];
  const found = candidates.find((token) => tokenizer.token_to_id(token) !== undefined);
  if (found === undefined) {
    throw new DataError(
      file,
      `no padding token: looked for ${candidates.map((token) => `'${token}'`).join(' and ')} in the vocabulary; name another as pad_token in tokenizer_config.json`,
    );
  }
  return found;
}
