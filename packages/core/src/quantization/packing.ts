import { type CodeBits, PACKED } from './layout.js';

/** Codes of 3 bits are packed as their lower two bits, then their highest. */
const PLANES: Readonly<Record<CodeBits, readonly (1 | 2 | 4 | 8)[]>> = {
  1: [1],
  2: [2],
  3: [2, 1],
  4: [4],
  8: [8],
};

/**
 * The bit at which code e of 32 begins in a plane of `width` bits a code. Four lanes take the codes
 * in turn, e mod 4, each the next of its run; a run fills 8 · width bits, or a word when that is
 * more, and the lanes' runs follow each other: what four SIMD lanes make at once is stored as it is.
 */
function bitOf(e: number, width: number): number {
  const run = Math.min(8, 32 / width);
  const [turn, lane] = [e >> 2, e % 4];
  return Math.floor(turn / run) * 128 + lane * run * width + (turn % run) * width;
}

/**
 * Packs a row's codes, 32 to a word for each bit; what is missing of the last 32 is 0.
 * @param words where the row's words begin
 */
export function packCodes(
  codes: ArrayLike<number>,
  bits: CodeBits,
  words: { [at: number]: number },
  begin: number,
): void {
  for (let first = 0, to = begin; first < codes.length; first += PACKED, to += bits) {
    const packed = new Int32Array(bits);
    forEachPart(bits, Math.min(PACKED, codes.length - first), (e, shift, mask, at, bit) => {
      packed[at]! |= ((codes[first + e]! >>> shift) & mask) << bit;
    });
    for (let at = 0; at < bits; at++) words[to + at] = packed[at]!;
  }
}

/** The codes of a row whose words begin at `begin`. */
export function unpackCodes(
  words: ArrayLike<number>,
  begin: number,
  bits: CodeBits,
  features: number,
): Uint8Array {
  const codes = new Uint8Array(features);
  for (let first = 0, from = begin; first < features; first += PACKED, from += bits)
    forEachPart(bits, Math.min(PACKED, features - first), (e, shift, mask, at, bit) => {
      codes[first + e]! |= ((words[from + at]! >>> bit) & mask) << shift;
    });
  return codes;
}

/** Calls back for each part of `count` codes: which bits of the code stand where. */
function forEachPart(
  bits: CodeBits,
  count: number,
  call: (e: number, shift: number, mask: number, word: number, bit: number) => void,
): void {
  let shift = 0;
  for (const width of PLANES[bits]) {
    for (let e = 0; e < count; e++) {
      const at = bitOf(e, width);
      call(e, shift, 2 ** width - 1, shift + (at >> 5), at & 31);
    }
    shift += width;
  }
}
