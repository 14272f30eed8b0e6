import type { AddedToken } from './added-token.js';
import type { Vocabulary } from './definition.js';
import { characters } from './unicode.js';

/** A stretch of a text: an added token by its index, or text between added tokens. */
export type Section = { readonly id: number } | { readonly text: string };

/** Tokens by what is looked for. */
interface Pattern {
  readonly contents: ReadonlyMap<string, AddedToken>;
  /** How long they are by their first UTF-16 unit, the longest first. */
  readonly lengths: ReadonlyMap<number, readonly number[]>;
}

const wordBefore = new RegExp(`${characters.word}$`, 'v');
const wordAfter = new RegExp(`^${characters.word}`, 'v');
// All of it lies in the first 65536 code points.
const whiteSpace = /\p{White_Space}/u;

/**
 * The tokens that were added to a model's own, found in text as the Rust tokenizers library finds
 * them: the leftmost first, the longest of those, then the white space that belongs to it.
 */
export class AddedVocabulary {
  readonly #tokens = new Map<string, AddedToken>();
  readonly #ids = new Map<string, number>();
  #largest = -1;
  #raw: Pattern | undefined;
  #normalized: Pattern | undefined;

  /**
   * @param vocabulary the model's own tokens
   * @param options.normalize what text goes through before it is split
   * @param options.splitSpecialTokens whether special tokens in a text are plain text
   */
  constructor(
    readonly vocabulary: Vocabulary,
    readonly options: {
      readonly normalize: (text: string) => string;
      readonly splitSpecialTokens: boolean;
    },
  ) {}

  /**
   * Adds a token, or gives one that is there its new flags. A token that is new to the model as well
   * gets the next index that is free behind both, whatever index a file names for it: so do
   * transformers 5 and its tokenizers library.
   */
  add(token: AddedToken): void {
    const { content } = token;
    if (content === '') return;
    const id = this.indexOf(content) ?? Math.max(this.#largest + 1, this.vocabulary.size);
    this.#tokens.set(content, token);
    this.#ids.set(content, id);
    this.#largest = Math.max(this.#largest, id);
    this.#raw = undefined;
    this.#normalized = undefined;
  }

  /** The index of an added token or of one of the model's. */
  indexOf(content: string): number | undefined {
    return this.#ids.get(content) ?? this.vocabulary.get(content);
  }

  /** Added tokens with their indices. */
  entries(): Iterable<[string, number]> {
    return this.#ids;
  }

  /** Cuts a text at the tokens that are looked for before it is normalised. */
  splitRaw(text: string): Section[] {
    this.#raw ??= this.#pattern(false);
    return this.#split(text, this.#raw);
  }

  /** Cuts a normalised text at the tokens that are looked for in such. */
  splitNormalized(text: string): Section[] {
    this.#normalized ??= this.#pattern(true);
    return this.#split(text, this.#normalized);
  }

  #pattern(normalized: boolean): Pattern {
    const contents = new Map<string, AddedToken>();
    const lengths = new Map<number, number[]>();
    for (const token of this.#tokens.values()) {
      if (token.normalized !== normalized) continue;
      const content = normalized ? this.options.normalize(token.content) : token.content;
      if (content === '' || contents.has(content)) continue;
      contents.set(content, token);
      const unit = content.charCodeAt(0);
      lengths.set(unit, [...new Set([...(lengths.get(unit) ?? []), content.length])]);
    }
    for (const list of lengths.values()) list.sort((left, right) => right - left);
    return { contents, lengths };
  }

  #split(text: string, pattern: Pattern): Section[] {
    if (pattern.contents.size === 0) return [{ text }];
    const sections: Section[] = [];
    let end = 0;
    for (let place = 0; place < text.length; ) {
      const content = longestAt(text, place, pattern);
      const token = content === undefined ? undefined : pattern.contents.get(content)!;
      let start = place;
      place += content?.length ?? 1;
      if (token === undefined || this.#isPlain(token, text, start, place)) continue;
      let stop = place;
      while (token.lstrip && start > end && whiteSpace.test(text[start - 1]!)) start--;
      while (token.rstrip && stop < text.length && whiteSpace.test(text[stop]!)) stop++;
      sections.push({ text: text.slice(end, start) }, { id: this.#ids.get(token.content)! });
      end = stop;
    }
    sections.push({ text: text.slice(end) });
    return sections;
  }

  /** Whether a token that was found is plain text there. */
  #isPlain(token: AddedToken, text: string, start: number, stop: number): boolean {
    if (token.special && this.options.splitSpecialTokens) return true;
    return token.single_word && touchesWord(text, start, stop);
  }
}

function longestAt(
  text: string,
  place: number,
  { contents, lengths }: Pattern,
): string | undefined {
  for (const length of lengths.get(text.charCodeAt(place)) ?? []) {
    const content = text.slice(place, place + length);
    if (contents.has(content)) return content;
  }
  return undefined;
}

const touchesWord = (text: string, start: number, stop: number): boolean =>
  wordBefore.test(text.slice(Math.max(0, start - 2), start)) ||
  wordAfter.test(text.slice(stop, stop + 2));
