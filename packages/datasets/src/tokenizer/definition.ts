/** One part of a tokenizer.json: its normalizer, its pre-tokenizer or its model. */
export type Part = Readonly<Record<string, unknown>>;

/** How text becomes words, and words become the model's tokens; nothing of added or special tokens. */
export interface TokenizerDefinition {
  readonly model: Part;
  readonly normalizer: Part | null;
  readonly pre_tokenizer: Part | null;
}

/** A JSON object that a file holds, and the file. */
export interface JsonFile {
  readonly file: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** A model's own tokens and their indices. */
export type Vocabulary = ReadonlyMap<string, number>;
