import * as library from '@huggingface/tokenizers';
import type { TokenizerDefinition } from './definition.js';

/** Normalises a text before it is split; also callable as a function. */
export interface Normalizer {
  readonly config: Readonly<Record<string, unknown>>;
  normalize(text: string): string;
}

/** Splits a text into words; also callable as a function. */
export interface PreTokenizer {
  pre_tokenize_text(text: string, options?: { readonly section_index: number }): string[];
}

interface BytePreTokenizer extends PreTokenizer {
  readonly config: Readonly<Record<string, unknown>>;
  readonly add_prefix_space: boolean;
  readonly use_regex: boolean;
  /** The character that stands for each byte. */
  readonly byte_encoder: Readonly<Record<number, string>>;
}

/** Splits words into tokens. */
export interface WordModel {
  /** The tokens of words; unknown ones are fused where the model says so. */
  (words: readonly string[]): string[];
  readonly unk_token?: string | undefined;
  readonly tokens_to_ids: ReadonlyMap<string, number>;
  readonly unk_token_id?: number | undefined;
}

/** The parts of a tokenizer; how they follow one another is text-tokenizer.ts's. */
export interface Parts {
  readonly normalizer: Normalizer | null;
  readonly pre_tokenizer: PreTokenizer | null;
  readonly model: WordModel;
}

type Class<Parameters extends unknown[], Instance> = new (...parameters: Parameters) => Instance;

interface Library {
  readonly Tokenizer: Class<
    [TokenizerDefinition & { added_tokens: []; post_processor: null; decoder: null }, object],
    Parts
  >;
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
