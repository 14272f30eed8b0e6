import { DataError, UsageError } from '@sketchgrad/core';
import type { TextTokenizer } from './library.js';
import { type Piece, type PostProcessor, readTemplate, type Template } from './template.js';
import type { Encoding, Tokenizer } from './tokenizer.js';
import { longestFirst } from './truncation.js';

/**
 * Puts a text tokenizer's indices between special tokens. It is done here, and not by the text
 * tokenizer, because truncation comes in between, and because an empty second sentence is still one.
 */
export class SequenceTokenizer implements Tokenizer {
  readonly source: string;
  readonly padToken: string;
  readonly padId: number;
  readonly vocabularySize: number;
  readonly added: { readonly single: number; readonly pair: number };
  readonly #text: TextTokenizer;
  readonly #template: Template;
  readonly #file: string;

  constructor(
    source: string,
    text: TextTokenizer,
    postProcessor: PostProcessor | null,
    { file, padToken }: { file: string; padToken: string },
  ) {
    this.source = source;
    this.padToken = padToken;
    this.padId = text.token_to_id(padToken)!;
    this.#text = text;
    this.#file = file;
    this.#template = readTemplate(postProcessor, file);
    this.added = {
      single: specialCount(this.#template.single),
      pair: specialCount(this.#template.pair),
    };
    let largest = 0;
    for (const index of text.get_vocab().values()) largest = Math.max(largest, index);
    this.vocabularySize = largest + 1;
  }

  encode(first: string, second: string | undefined, maxLength: number): Encoding {
    const added = second === undefined ? this.added.single : this.added.pair;
    if (!Number.isInteger(maxLength) || maxLength < added) {
      throw new UsageError(
        `the longest sequence is ${maxLength} tokens: expected an integer of at least ${added}, the number of special tokens`,
      );
    }
    const room = maxLength - added;
    const firstIds = this.#idsOf(first);
    const secondIds = second === undefined ? [] : this.#idsOf(second);
    const [keptOfFirst, keptOfSecond] = longestFirst(firstIds.length, secondIds.length, room);
    const kept = {
      first: firstIds.slice(0, keptOfFirst),
      second: secondIds.slice(0, keptOfSecond),
    };
    const length = added + keptOfFirst + keptOfSecond;
    const tokenIds = new Int32Array(length);
    const tokenTypeIds = new Int32Array(length);
    let place = 0;
    for (const piece of second === undefined ? this.#template.single : this.#template.pair) {
      const ids = piece.kind === 'special' ? [piece.id] : kept[piece.which];
      tokenIds.set(ids, place);
      tokenTypeIds.fill(piece.typeId, place, place + ids.length);
      place += ids.length;
    }
    return {
      tokenIds,
      tokenTypeIds,
      attentionMask: new Int32Array(length).fill(1),
      truncated: keptOfFirst < firstIds.length || keptOfSecond < secondIds.length,
    };
  }

  #idsOf(text: string): readonly number[] {
    const { ids, tokens } = this.#text.encode(text, { add_special_tokens: false });
    if (!ids.every((id) => id !== undefined)) {
      throw new DataError(
        this.#file,
        `'${tokens[ids.indexOf(undefined)]}' is not in the vocabulary, which has no unknown token for it`,
      );
    }
    return ids;
  }
}

function specialCount(pieces: readonly Piece[]): number {
  return pieces.filter(({ kind }) => kind === 'special').length;
}
