import type { Part } from './definition.js';
import { BYTE_CHARACTERS, SplitPreTokenizer } from './library.js';
import { shown } from './shown.js';
import { isBehavior, splitAt } from './split.js';
import { characters } from './unicode.js';
import { rememberWords } from './word-cache.js';

/**
 * Splits a text into words.
 *
 * @param first whether the text is the beginning of what is encoded
 */
export type PreTokenize = (text: string, first: boolean) => string[];

const { whiteSpace, letter, number, digit, word, punctuation } = characters;
const spaces = new RegExp(`${whiteSpace}+`, 'gv');
const anyPunctuation = new RegExp(punctuation, 'gv');
const wordsOrPunctuation = new RegExp(`[^${punctuation}${whiteSpace}]+|${punctuation}`, 'gv');
const anyDigit = new RegExp(digit, 'gv');
const wordsOrSigns = new RegExp(`${word}+|[^${word}${whiteSpace}]+`, 'gv');
const byteLevelWords = new RegExp(
  `'s|'t|'re|'ve|'m|'ll|'d| ?${letter}+| ?${number}+| ?[^${whiteSpace}${letter}${number}]+|${whiteSpace}+(?![^${whiteSpace}])|${whiteSpace}+`,
  'gv',
);

/**
 * A tokenizer.json's pre-tokenizer, as the Rust tokenizers library splits.
 *
 * @throws Error for one of an unknown type, or with a pattern that is none
 */
export function preTokenizerOf(part: Part | null): PreTokenize {
  switch (part?.type) {
    case undefined:
      return (text) => [text];
    case 'BertPreTokenizer':
      return (text) => text.match(wordsOrPunctuation) ?? [];
    case 'ByteLevel':
      return byteLevel(part!);
    case 'CharDelimiterSplit':
      return (text) => text.split(String(part!.delimiter)).filter((piece) => piece !== '');
    case 'Digits': {
      const behavior = part!.individual_digits === true ? 'Isolated' : 'Contiguous';
      return (text) => splitAt(text, anyDigit, behavior);
    }
    case 'FixedLength':
      return fixedLength(part!);
    case 'Metaspace':
      return metaspace(part!);
    case 'Punctuation': {
      const behavior = behaviorOf(part!);
      return (text) => splitAt(text, anyPunctuation, behavior);
    }
    case 'Sequence': {
      const all = (part!.pretokenizers as readonly Part[]).map(preTokenizerOf);
      return (text, first) =>
        all.reduce(
          (pieces, split) => pieces.flatMap((piece, place) => split(piece, first && place === 0)),
          [text],
        );
    }
    case 'Split': {
      const { pattern } = new SplitPreTokenizer({ ...part!, invert: true });
      if (pattern === null) throw new Error('Split has no pattern');
      const behavior = behaviorOf(part!);
      return (text) => splitAt(text, pattern, behavior, part!.invert === true);
    }
    case 'Whitespace':
      return (text) => text.match(wordsOrSigns) ?? [];
    case 'WhitespaceSplit':
      return (text) => splitAt(text, spaces, 'Removed');
    default:
      throw new Error(`Unknown PreTokenizer type: ${part?.type}`);
  }
}

function behaviorOf({ type, behavior = 'Isolated' }: Part) {
  if (isBehavior(behavior)) return behavior;
  throw new Error(`${type} has the behavior ${shown(behavior)}`);
}

function byteLevel({ add_prefix_space: prefixes, use_regex: splits }: Part): PreTokenize {
  const encoder = new TextEncoder();
  const bytesOf = rememberWords((piece) =>
    Array.from(encoder.encode(piece), (byte) => BYTE_CHARACTERS[byte]).join(''),
  );
  return (text) => {
    const prefixed = prefixes && !text.startsWith(' ') ? ` ${text}` : text;
    const pieces = splits ? (prefixed.match(byteLevelWords) ?? []) : [prefixed];
    return pieces.map(bytesOf);
  };
}

function fixedLength({ length }: Part): PreTokenize {
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 1) {
    throw new Error(`FixedLength has the length ${shown(length)}`);
  }
  return (text) => {
    const all = [...text];
    const pieces: string[] = [];
    for (let start = 0; start < all.length; start += length) {
      pieces.push(all.slice(start, start + length).join(''));
    }
    return pieces;
  };
}

function metaspace(part: Part): PreTokenize {
  const { replacement = '▁', prepend_scheme: scheme = 'always', split = true } = part;
  if (typeof replacement !== 'string' || [...replacement].length !== 1) {
    throw new Error(`Metaspace has the replacement ${shown(replacement)}`);
  }
  const mark = new RegExp(`\\u{${replacement.codePointAt(0)!.toString(16)}}`, 'gu');
  return (text, first) => {
    const replaced = text.replaceAll(' ', replacement);
    const prepends = scheme === 'always' || (scheme === 'first' && first);
    const whole = prepends && !replaced.startsWith(replacement) ? replacement + replaced : replaced;
    return split === true ? splitAt(whole, mark, 'MergedWithNext') : [whole];
  };
}
