import { DataError } from '@sketchgrad/core';
import { reasonOf } from '../text.js';
import { AddedVocabulary } from './added-vocabulary.js';
import type { Part, TokenizerDefinition, Vocabulary } from './definition.js';
import { BPE, Unigram, type WordModel, WordPiece } from './library.js';
import { type Normalize, normalizerOf } from './normalizers.js';
import { type PreTokenize, preTokenizerOf } from './pre-tokenizers.js';
import { cut } from './shown.js';
import { rememberWords } from './word-cache.js';

/**
 * Turns text into indices: added tokens are taken out, what is between them is normalised, split
 * into words and these into the model's tokens. It knows nothing of padding, of truncation, or of
 * the special tokens around a sentence.
 */
export class TextTokenizer {
  readonly added: AddedVocabulary;
  readonly #normalizer: Normalize;
  readonly #preTokenizer: PreTokenize;
  readonly #model: WordModel;
  readonly #idsOfWord: (word: string) => readonly number[];
  readonly #file: string;
  readonly #embeddingRows: number;

  /**
   * @param options.file named in errors
   * @param options.embeddingRows how many indices the model has
   * @throws DataError for a definition that cannot be used
   */
  constructor(
    definition: TokenizerDefinition,
    vocabulary: Vocabulary,
    options: {
      readonly file: string;
      readonly embeddingRows: number;
      readonly splitSpecialTokens: boolean;
    },
  ) {
    this.#file = options.file;
    this.#embeddingRows = options.embeddingRows;
    try {
      this.#normalizer = normalizerOf(definition.normalizer);
      this.#preTokenizer = preTokenizerOf(definition.pre_tokenizer);
      this.#model = modelOf(definition.model);
    } catch (cause) {
      throw this.#unusable(cause);
    }
    this.added = new AddedVocabulary(vocabulary, {
      normalize: (text) => this.#normalize(text),
      splitSpecialTokens: options.splitSpecialTokens,
    });
    const known = knownCharacters(definition, vocabulary);
    this.#idsOfWord = rememberWords((word) => this.#tokenise(known(word)));
  }

  /**
   * The indices of a text's tokens.
   *
   * @throws DataError where a token has no index, or one that the model has no row for
   */
  encode(text: string): number[] {
    const ids: number[] = [];
    this.added.splitRaw(text).forEach((section, index) => {
      if ('id' in section) ids.push(this.#checked(section.id));
      else if (section.text !== '') this.#encodeBetween(section.text, index === 0, ids);
    });
    return ids;
  }

  /** One more than the largest index of the model's tokens and of the added ones that it has rows for. */
  get size(): number {
    let largest = -1;
    for (const tokens of [this.added.vocabulary, this.added.entries()]) {
      for (const [, id] of tokens) if (id < this.#embeddingRows) largest = Math.max(largest, id);
    }
    return largest + 1;
  }

  #encodeBetween(text: string, first: boolean, ids: number[]): void {
    this.added.splitNormalized(this.#normalize(text)).forEach((section, index) => {
      if ('id' in section) ids.push(this.#checked(section.id));
      else if (section.text !== '') {
        for (const word of this.#words(section.text, first && index === 0)) {
          for (const id of this.#idsOfWord(word)) ids.push(id);
        }
      }
    });
  }

  #normalize(text: string): string {
    try {
      return this.#normalizer(text);
    } catch (cause) {
      throw this.#unusable(cause);
    }
  }

  #words(text: string, first: boolean): string[] {
    try {
      return this.#preTokenizer(text, first);
    } catch (cause) {
      throw this.#unusable(cause);
    }
  }

  #tokenise(word: string): number[] {
    const model = this.#model;
    let tokens: string[];
    try {
      tokens = model([word]);
    } catch (cause) {
      throw this.#unusable(cause);
    }
    return tokens.map((token) => {
      const id = model.tokens_to_ids.get(token) ?? model.unk_token_id;
      if (id !== undefined) return id;
      throw new DataError(
        this.#file,
        `'${cut(token ?? word)}' is not in the vocabulary, which has no unknown token for it`,
      );
    });
  }

  #checked(id: number): number {
    if (id < this.#embeddingRows) return id;
    const [content] = [...this.added.entries()].find(([, other]) => other === id)!;
    throw new DataError(
      this.#file,
      `a text holds '${cut(content)}', which has index ${id}, but the model has only ${this.#embeddingRows} tokens`,
    );
  }

  #unusable(cause: unknown): DataError {
    return new DataError(
      this.#file,
      `is not a usable tokenizer (${cut(reasonOf(cause))})`,
      undefined,
      {
        cause,
      },
    );
  }
}

function modelOf(model: Part): WordModel {
  switch (model.type) {
    case 'BPE':
      return new BPE(model);
    case 'Unigram':
      return new Unigram(model);
    default:
      return new WordPiece(model);
  }
}

/**
 * What a byte-pair model without an unknown token sees of a word: the Rust library leaves out the
 * characters that are not in the vocabulary before it merges any, @huggingface/tokenizers after.
 */
function knownCharacters(
  { model }: TokenizerDefinition,
  vocabulary: Vocabulary,
): (word: string) => string {
  const plain =
    model.type === 'BPE' &&
    !model.unk_token &&
    !model.byte_fallback &&
    !model.end_of_word_suffix &&
    !model.continuing_subword_prefix;
  if (!plain) return (word) => word;
  return (word) => {
    if (model.ignore_merges && vocabulary.has(word)) return word;
    const characters = [...word];
    return characters.every((character) => vocabulary.has(character))
      ? word
      : characters.filter((character) => vocabulary.has(character)).join('');
  };
}
