import {
  GAUSSIANS_PER_BLOCK,
  gaussianTable,
  type SketchKind,
  type Transform,
} from '@sketchgrad/core';
import { tableIndex, writeWords } from '@sketchgrad/core/backend';

/** A part of a sketch's matrix: its entries from a row of x on, for a row of the sketch. */
export type WriteEntries = (
  into: Float32Array,
  place: {
    readonly at: number;
    readonly row: number;
    readonly first: number;
    readonly count: number;
  },
) => void;

/** Where random numbers come from. */
export interface Drawn {
  /** (seed, step) */
  readonly key: ArrayLike<number>;
  readonly stream: number;
}

/** The entry in each slot of a Threefry block, before scaling, and how many there are. */
const KINDS: Readonly<
  Record<SketchKind, { perBlock: number; entry(low: number, high: number, slot: number): number }>
> = {
  gaussian: {
    perBlock: GAUSSIANS_PER_BLOCK,
    entry: (low, high, slot) => gaussianTable()[tableIndex(low, high, slot)]!,
  },
  rademacher: {
    perBlock: 64,
    entry: (low, high, slot) => (((slot < 32 ? low : high) >>> (slot & 31)) & 1 ? -1 : 1),
  },
};

/**
 * Independent entries, scaled by an f32 number.
 * @param longest rows of x in the largest block, which tells where a column of S begins in the stream
 */
export function independentEntries(
  kind: SketchKind,
  { key, stream }: Drawn,
  { longest, scale }: { readonly longest: number; readonly scale: (row: number) => number },
): WriteEntries {
  const { perBlock, entry } = KINDS[kind];
  const columnBlocks = Math.ceil(longest / perBlock);
  return (into, { at, row, first, count }) => {
    const factor = scale(row);
    const skipped = first % perBlock;
    const words = new Int32Array(2 * Math.ceil((skipped + count) / perBlock));
    writeWords(words, key, stream, row * columnBlocks + Math.floor(first / perBlock));
    for (let i = 0, slot = skipped, word = 0; i < count; i++, slot++) {
      if (slot === perBlock) {
        slot = 0;
        word += 2;
      }
      into[at + i] = entry(words[word]! >>> 0, words[word + 1]! >>> 0, slot) * factor;
    }
  };
}

/** Cosines of a whole turn in 4 · length steps. */
function wave(length: number): Float64Array {
  return Float64Array.from({ length: 4 * length }, (_, i) =>
    Math.cos((2 * Math.PI * i) / (4 * length)),
  );
}

function oddBits(number: number): boolean {
  let odd = number;
  for (const shift of [16, 8, 4, 2, 1]) odd ^= odd >>> shift;
  return (odd & 1) === 1;
}

/** Entry i of row r of an orthonormal basis of `length` rows; see core's `TRANSFORMS`. */
export function basisOf(transform: Transform, length: number): (r: number, i: number) => number {
  const flat = Math.sqrt(1 / length);
  if (transform === 'hadamard') return (r, i) => (oddBits(r & i) ? -flat : flat);
  const cosines = wave(length);
  const turn = 4 * length;
  const high = Math.sqrt(2 / length);
  if (transform === 'dct')
    return (r, i) => (r === 0 ? flat : high * cosines[((2 * i + 1) * r) % turn]!);
  return (r, i) => {
    if (r === 0) return flat;
    if (r === length - 1) return i % 2 === 0 ? flat : -flat;
    const angle = 4 * Math.ceil(r / 2) * i;
    // A sine is the cosine a quarter of a turn before.
    return high * cosines[(r % 2 === 1 ? angle : angle + turn - length) % turn]!;
  };
}
