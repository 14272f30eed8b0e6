import { writeWords } from '@sketchgrad/core/backend';

/** Elements to a word, 16 bits each, the lower first. */
const PER_WORD = 2;

/** Words that are drawn at once, of two a block. */
const WORDS = 1 << 13;

/** Whose bits dropout takes. */
export interface DropoutBits {
  /** (seed, step) */
  readonly key: ArrayLike<number>;
  readonly stream: number;
  /** An element whose bits are below this is dropped. */
  readonly threshold: number;
}

const drawn = new Int32Array(WORDS);

/** Writes dropout's factors, 0 or 1/(1 − rate), of the elements from `first` on to a part of an array. */
export function writeDropoutFactors(
  into: Float32Array,
  [from, to]: readonly [from: number, to: number],
  first: number,
  { key, stream, threshold }: DropoutBits,
): void {
  const kept = 65536 / (65536 - threshold);
  let element = first;
  for (let at = from; at < to; ) {
    const block = Math.floor(element / (2 * PER_WORD));
    const skipped = element - block * 2 * PER_WORD;
    const count = Math.min(to - at, WORDS * PER_WORD - skipped);
    const words = drawn.subarray(0, 2 * Math.ceil((skipped + count) / (2 * PER_WORD)));
    writeWords(words, key, stream, block);
    for (let i = skipped; i < skipped + count; i++, at++) {
      const bits = (words[i >> 1]! >>> ((i & 1) << 4)) & 0xffff;
      into[at] = bits < threshold ? 0 : kept;
    }
    element += count;
  }
}
