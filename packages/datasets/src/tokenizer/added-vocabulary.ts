import type { AddedToken } from './added-token.js';
import type { Vocabulary } from './definition.js';

/** A stretch of a text: an added token by its index, or text between added tokens. */
export type Section = { readonly id: number } | { readonly text: string };

interface Pattern {
  readonly expression: RegExp | undefined;
  readonly contents: ReadonlyMap<string, AddedToken>;
}

const wordCharacter = '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]';
const wordBefore = new RegExp(`${wordCharacter}$`, 'u');
const wordAfter = new RegExp(`^${wordCharacter}`, 'u');
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
    for (const token of this.#tokens.values()) {
      if (token.normalized !== normalized) continue;
      const content = normalized ? this.options.normalize(token.content) : token.content;
      if (content !== '' && !contents.has(content)) contents.set(content, token);
    }
    if (contents.size === 0) return { expression: undefined, contents };
    // Alternatives are tried in order, so that the longest comes first.
    const alternatives = [...contents.keys()]
      .sort((left, right) => right.length - left.length)
      .map((content) => content.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
    return { expression: new RegExp(alternatives.join('|'), 'gu'), contents };
  }

  #split(text: string, { expression, contents }: Pattern): Section[] {
    if (expression === undefined) return [{ text }];
    const sections: Section[] = [];
    let end = 0;
    for (const match of text.matchAll(expression)) {
      const token = contents.get(match[0])!;
      if (token.special && this.options.splitSpecialTokens) continue;
      let start = match.index;
      let stop = start + match[0].length;
      if (token.single_word && touchesWord(text, start, stop)) continue;
      while (token.lstrip && start > end && whiteSpace.test(text[start - 1]!)) start--;
      while (token.rstrip && stop < text.length && whiteSpace.test(text[stop]!)) stop++;
      sections.push({ text: text.slice(end, start) }, { id: this.#ids.get(token.content)! });
      end = stop;
    }
    sections.push({ text: text.slice(end) });
    return sections;
  }
}

const touchesWord = (text: string, start: number, stop: number): boolean =>
  wordBefore.test(text.slice(Math.max(0, start - 2), start)) ||
  wordAfter.test(text.slice(stop, stop + 2));
