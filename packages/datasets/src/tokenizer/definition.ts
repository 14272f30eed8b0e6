import type { PostProcessor } from './template.js';

/** The content of a tokenizer.json, as far as it is read or made here. */
export interface TokenizerDefinition {
  readonly model: Readonly<Record<string, unknown>>;
  readonly added_tokens: readonly AddedToken[];
  readonly normalizer: Readonly<Record<string, unknown>> | null;
  readonly pre_tokenizer: Readonly<Record<string, unknown>> | null;
  readonly post_processor: PostProcessor | null;
  readonly decoder: Readonly<Record<string, unknown>> | null;
  readonly padding?: { readonly pad_token?: string } | null;
}

/** A token that is looked for in the text as a whole, before anything is split. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
  readonly single_word: boolean;
}

/** The content of a tokenizer_config.json. */
export type TokenizerConfig = Readonly<Record<string, unknown>>;

/** A tokenizer's definition with its settings, and where they came from. */
export interface TokenizerSource {
  readonly definition: TokenizerDefinition;
  readonly config: TokenizerConfig;
  /** The file that errors name. */
  readonly file: string;
}

/**
 * The token that a tokenizer_config.json names under `key`, given there as a string or as an object
 * with its `content`; undefined where it names none.
 */
export function namedToken(config: TokenizerConfig, key: string): string | undefined {
  const value = config[key];
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'content' in value) {
    return typeof value.content === 'string' ? value.content : undefined;
  }
  return undefined;
}
