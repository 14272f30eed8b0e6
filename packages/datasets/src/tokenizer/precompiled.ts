import { shown } from './shown.js';
import { rememberWords } from './word-cache.js';

const wordBytes = 4;
const printableAscii = /^[ -~]*$/;
// What the Rust library looks up as a whole has fewer bytes than this.
const longGrapheme = 6;

/**
 * SentencePiece's normalisation, as the Rust tokenizers library does it with a `precompiled_charsmap`: a
 * length, a double-array trie of that many bytes whose values are places, and at these places the
 * replacements, each up to a zero. A grapheme of a few bytes is looked up as a whole, else each of its
 * characters, and the shortest beginning that the trie has stands for all of it.
 *
 * @throws Error for what is no such map
 */
export function precompiledNormalizer(charsmap: unknown): (text: string) => string {
  const replacementOf = rememberWords(trieLookUp(charsmap));
  const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
  const encoder = new TextEncoder();
  const graphemeOf = (grapheme: string): string => {
    const whole = encoder.encode(grapheme).length < longGrapheme ? replacementOf(grapheme) : null;
    return (
      whole ?? [...grapheme].map((character) => replacementOf(character) ?? character).join('')
    );
  };
  const leavesAscii = Array.from({ length: 95 }, (_, place) =>
    String.fromCharCode(32 + place),
  ).every((character) => replacementOf(character) === null);
  return (text) => {
    // Each of its characters is a grapheme, and it is most of what comes.
    if (leavesAscii && printableAscii.test(text)) return text;
    let normalized = '';
    for (const { segment } of graphemes.segment(text)) normalized += graphemeOf(segment);
    return normalized;
  };
}

/** Looks a text up; null where the trie has no beginning of it. */
function trieLookUp(charsmap: unknown): (text: string) => string | null {
  const bytes = bytesOf(charsmap);
  const view = new DataView(bytes.buffer);
  const trieBytes = bytes.length < wordBytes ? bytes.length : view.getUint32(0, true);
  if (trieBytes % wordBytes !== 0 || trieBytes === 0 || wordBytes + trieBytes > bytes.length)
    throw new Error(`Precompiled has a trie of ${trieBytes} bytes in a map of ${bytes.length}`);
  const unitAt = (place: number): number => {
    if (place * wordBytes < trieBytes) return view.getUint32(wordBytes * (place + 1), true);
    throw new Error(`Precompiled has no place ${place} in its trie`);
  };
  const replacements = bytes.subarray(wordBytes + trieBytes);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const replacementAt = (start: number): string => {
    const end = replacements.indexOf(0, start);
    return decoder.decode(replacements.subarray(start, end < 0 ? undefined : end));
  };
  const encoder = new TextEncoder();
  return (text) => {
    let place = offsetOf(unitAt(0));
    for (const byte of encoder.encode(text)) {
      if (byte === 0) return null;
      place ^= byte;
      const unit = unitAt(place);
      if (labelOf(unit) !== byte) return null;
      place ^= offsetOf(unit);
      if (hasLeaf(unit)) return replacementAt(unitAt(place) & 0x7fffffff);
    }
    return null;
  };
}

// A unit of darts-clone's double array (https://github.com/s-yata/darts-clone).
const hasLeaf = (unit: number): boolean => ((unit >>> 8) & 1) === 1;
const labelOf = (unit: number): number => (unit & (0x80000000 | 0xff)) >>> 0;
const offsetOf = (unit: number): number => ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0;

function bytesOf(charsmap: unknown): Uint8Array<ArrayBuffer> {
  if (typeof charsmap !== 'string')
    throw new Error(`Precompiled has precompiled_charsmap ${shown(charsmap)}`);
  let binary: string;
  try {
    binary = atob(charsmap);
  } catch (cause) {
    throw new Error('Precompiled has a precompiled_charsmap that is not base64', { cause });
  }
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
