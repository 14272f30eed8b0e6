import * as library from '@huggingface/tokenizers';
import type { TokenizerConfig, TokenizerDefinition } from './definition.js';

/** Normalises a text before it is split; also callable as a function. */
export interface Normalizer {
  readonly config: Readonly<Record<string, unknown>>;
  normalize(text: string): string;
}

/** Splits a text into words; also callable as a function. */
export interface PreTokenizer {
  pre_tokenize_text(text: string, options?: unknown): string[];
}

interface BytePreTokenizer extends PreTokenizer {
  readonly config: Readonly<Record<string, unknown>>;
  readonly add_prefix_space: boolean;
  readonly use_regex: boolean;
  /** The character that stands for each byte. */
  readonly byte_encoder: Readonly<Record<number, string>>;
}

/** Splits words into tokens, each word for itself; also callable as a function. */
export interface WordModel {
  encode(words: readonly string[]): string[];
}

/** A tokenizer for text: it knows nothing of padding or truncation. */
export interface TextTokenizer {
  normalizer: Normalizer | null;
  pre_tokenizer: PreTokenizer | null;
  readonly model: WordModel;
  /** Indices are undefined for tokens that neither the vocabulary nor an unknown token covers. */
  encode(
    text: string,
    options: { add_special_tokens: boolean },
  ): { ids: (number | undefined)[]; tokens: string[] };
  token_to_id(token: string): number | undefined;
  get_vocab(): Map<string, number>;
}

type Class<Parameters extends unknown[], Instance> = new (...parameters: Parameters) => Instance;

interface Library {
  readonly Tokenizer: Class<[TokenizerDefinition, TokenizerConfig], TextTokenizer>;
  readonly BertNormalizer: Class<[Normalizer['config']], Normalizer>;
  readonly SequenceNormalizer: Class<[never], Normalizer & { normalizers: (Normalizer | null)[] }>;
  readonly ByteLevelPreTokenizer: Class<[BytePreTokenizer['config']], BytePreTokenizer>;
  readonly SequencePreTokenizer: Class<
    [never],
    PreTokenizer & { tokenizers: (PreTokenizer | null)[] }
  >;
}

/**
 * What is used of @huggingface/tokenizers, with types of our own: its declarations import one another
 * without file extensions, which TypeScript does not follow in ES modules.
 */
export const {
  Tokenizer,
  BertNormalizer,
  SequenceNormalizer,
  ByteLevelPreTokenizer,
  SequencePreTokenizer,
} = library as unknown as Library;
