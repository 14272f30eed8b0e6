import { describeValue, UsageError } from '@sketchgrad/core';
import type { Piece, Template } from './template.js';
import type { TextTokenizer } from './text-tokenizer.js';
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
  readonly #cutsLeft: boolean;

  constructor(
    text: TextTokenizer,
    options: {
      readonly source: string;
      readonly template: Template;
      readonly padToken: string;
      readonly truncationSide: 'left' | 'right';
      /** One more than the largest index that the files list, which may be more than is used. */
      readonly listedSize: number;
    },
  ) {
    this.source = options.source;
    this.padToken = options.padToken;
    this.padId = text.added.indexOf(options.padToken)!;
    this.vocabularySize = Math.max(text.size, options.listedSize);
    this.#text = text;
    this.#template = options.template;
    this.#cutsLeft = options.truncationSide === 'left';
    this.added = {
      single: specialCount(this.#template.single),
      pair: specialCount(this.#template.pair),
    };
  }

  encode(first: string, second: string | undefined, maxLength: number): Encoding {
    for (const [name, text] of Object.entries({
      first,
      second: second === undefined ? '' : second,
    }))
      if (typeof text !== 'string')
        throw new UsageError(`${name} must be a text, but it is ${describeValue(text)}`);
    const added = second === undefined ? this.added.single : this.added.pair;
    if (!Number.isInteger(maxLength) || maxLength < added) {
      throw new UsageError(
        `the longest sequence is ${maxLength} tokens: expected an integer of at least ${added}, the number of special tokens`,
      );
    }
    const room = maxLength - added;
    const firstIds = this.#text.encode(first);
    const secondIds = second === undefined ? [] : this.#text.encode(second);
    const [keptOfFirst, keptOfSecond] = longestFirst(firstIds.length, secondIds.length, room);
    const kept = {
      first: this.#kept(firstIds, keptOfFirst),
      second: this.#kept(secondIds, keptOfSecond),
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

  #kept(ids: readonly number[], count: number): readonly number[] {
    return this.#cutsLeft ? ids.slice(ids.length - count) : ids.slice(0, count);
  }
}

function specialCount(pieces: readonly Piece[]): number {
  return pieces.filter(({ kind }) => kind === 'special').length;
}
