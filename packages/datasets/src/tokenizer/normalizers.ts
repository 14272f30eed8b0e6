import type { Part } from './definition.js';
import { ReplaceNormalizer } from './library.js';
import { precompiledNormalizer } from './precompiled.js';
import { characters } from './unicode.js';

/** What a text goes through before it is split. */
export type Normalize = (text: string) => string;

const unclean = new RegExp(characters.unclean, 'gv');
const whiteSpace = new RegExp(characters.whiteSpace, 'gv');
const ideograph = new RegExp(characters.ideograph, 'gv');
const nonspacingMark = new RegExp(characters.nonspacingMark, 'gv');
const combiningMark = new RegExp(characters.combiningMark, 'gv');
const printableAscii = /^[ -~]*$/;

/**
 * A tokenizer.json's normalizer, as the Rust tokenizers library normalises.
 *
 * @throws Error for one of an unknown type
 */
export function normalizerOf(part: Part | null): Normalize {
  switch (part?.type) {
    case undefined:
      return (text) => text;
    case 'BertNormalizer':
      return bertNormalizer(part!);
    case 'Lowercase':
      return lowerCase;
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD': {
      const form = part!.type;
      return (text) => text.normalize(form as string);
    }
    case 'Prepend':
      return (text) => (text === '' ? text : `${part!.prepend}${text}`);
    case 'Precompiled':
      return precompiledNormalizer(part!.precompiled_charsmap);
    case 'Replace': {
      const normalizer = new ReplaceNormalizer(part!);
      return (text) => normalizer.normalize(text);
    }
    case 'Sequence': {
      const all = (part!.normalizers as readonly Part[]).map(normalizerOf);
      return (text) => all.reduce((current, normalize) => normalize(current), text);
    }
    case 'Strip':
      return stripped(part!.strip_left === true, part!.strip_right === true);
    case 'StripAccents':
      return (text) => text.replaceAll(combiningMark, '');
    default:
      throw new Error(`Unknown Normalizer type: ${part?.type}`);
  }
}

// String.toLowerCase makes a word's last sigma ς; letter by letter, as the models saw it, it is σ.
const lowerCase: Normalize = (text) => text.replaceAll('Σ', 'σ').toLowerCase();

function bertNormalizer(part: Part): Normalize {
  const { clean_text: cleans, handle_chinese_chars: spaces, lowercase: lowers } = part;
  const strips = part.strip_accents ?? lowers;
  return (text) => {
    // Printable ASCII has nothing to clean, space out or strip, and is most of what comes.
    if (printableAscii.test(text)) return lowers ? text.toLowerCase() : text;
    let current = text;
    if (cleans) current = current.replaceAll(unclean, '').replaceAll(whiteSpace, ' ');
    if (spaces) current = current.replaceAll(ideograph, ' $& ');
    if (strips) current = current.normalize('NFD').replaceAll(nonspacingMark, '');
    return lowers ? lowerCase(current) : current;
  };
}

function stripped(left: boolean, right: boolean): Normalize {
  const start = new RegExp(`^${characters.whiteSpace}+`, 'v');
  return (text) => {
    const current = left ? text.replace(start, '') : text;
    return right ? withoutSpaceBehind(current) : current;
  };
}

/** A text without the white space at its end, in a time that grows with its length alone. */
export function withoutSpaceBehind(text: string): string {
  let end = text.length;
  while (end > 0 && /\p{White_Space}/u.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}
