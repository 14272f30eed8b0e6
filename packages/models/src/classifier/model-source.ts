import type { WeightSource } from './starting-weights.js';

/** Where the parts of a model come from. */
export interface ModelSource extends WeightSource {
  /** What to call the model in messages. */
  readonly name: string;
  readonly tokenizer?: TokenizerSource;
}

/** A tokenizer's files. */
export interface TokenizerSource {
  /** The tokenizer.json, or the folder of the files, where they lie in one. */
  readonly path?: string;
  /** What the files hold, by their names. */
  files(): Promise<Readonly<Record<string, Uint8Array>>>;
}

/** What SentencePiece wrote, which transformers has converted to tokenizer.json. */
export const UNCONVERTED_TOKENIZER = 'sentencepiece.bpe.model';

/** What Hugging Face calls the files of a tokenizer. */
export const TOKENIZER_FILES: readonly string[] = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'vocab.txt',
  UNCONVERTED_TOKENIZER,
];
