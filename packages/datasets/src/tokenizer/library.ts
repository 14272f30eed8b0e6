import * as library from '@huggingface/tokenizers';
import type { Part } from './definition.js';

/** Splits words into tokens. */
export interface WordModel {
  /** The tokens of words; unknown ones are fused where the model says so. */
  (words: readonly string[]): string[];
  readonly tokens_to_ids: ReadonlyMap<string, number>;
  readonly unk_token_id?: number | undefined;
}

type Class<Instance> = new (part: Part) => Instance;

interface Library {
  readonly WordPiece: Class<WordModel>;
  readonly BPE: Class<WordModel>;
  readonly Unigram: Class<WordModel>;
  readonly ReplaceNormalizer: Class<{ normalize(text: string): string }>;
  readonly SplitPreTokenizer: Class<{ readonly pattern: RegExp | null }>;
  readonly ByteLevelPreTokenizer: Class<{
    readonly byte_encoder: Readonly<Record<number, string>>;
  }>;
}

// What is used of @huggingface/tokenizers, with types of our own: its declarations import one another
// without file extensions, which TypeScript does not follow in ES modules. Each is asked for by itself, so
// that a bundler leaves out the rest, which is nearly half.
export const WordPiece = (library as unknown as Library).WordPiece;
export const BPE = (library as unknown as Library).BPE;
export const Unigram = (library as unknown as Library).Unigram;
export const ReplaceNormalizer = (library as unknown as Library).ReplaceNormalizer;
export const SplitPreTokenizer = (library as unknown as Library).SplitPreTokenizer;

/** The character that stands for each byte in byte-pair tokens. */
export const BYTE_CHARACTERS = new (library as unknown as Library).ByteLevelPreTokenizer({})
  .byte_encoder;
