import { CODE_BITS, type CodeBits, type CodeLayout } from '@sketchgrad/core';
import { codesOf } from '@sketchgrad/core/backend';

type Segments = CodeLayout['segments'];

/** Codes of some rows that follow each other, in memory of their own. */
export interface CodeTile {
  /** 32-bit words of them. */
  readonly words: number;
  /** Words of all codes that lie before them, where their rows have the places that they have among all. */
  readonly before: number;
  /** Rows of 8, 4, 3 and 2 bits. */
  readonly counts: readonly number[];
  /** Ranks of the rows among these alone; undefined where a row's rank is its number. */
  readonly ranks: Int32Array | undefined;
  /** Where each part of them is among all: its first word, and how many. */
  readonly parts: readonly (readonly [word: number, count: number])[];
}

/** How many rows of each width but the least there are. */
const countsOf = (rowsOf: (bits: CodeBits) => number): readonly number[] =>
  CODE_BITS.slice(0, -1).map(rowsOf);

/**
 * The codes of rows `begin` to `begin` + `count`.
 * @param all words of all codes
 */
export function codeTile(
  [begin, count]: readonly [begin: number, count: number],
  {
    features,
    segments,
    ranks,
  }: { features: number; segments: Segments; ranks: ArrayLike<number> | undefined },
  all: number,
): CodeTile {
  if (ranks) return rankedTile([begin, count], { features, segments, ranks });
  const wordAt = (row: number) => codesOf(row, features, segments).word;
  const rows = segments.reduce((sum, segment) => sum + segment.rows, 0);
  const before = wordAt(begin);
  const words = (begin + count < rows ? wordAt(begin + count) : all) - before;
  const counts = countsOf((bits) => segments.find((one) => one.bits === bits)?.rows ?? 0);
  return { words, before, counts, ranks: undefined, parts: [[before, words]] };
}

/** Rows whose codes lie anywhere among all: in this memory they lie by falling width. */
function rankedTile(
  [begin, count]: readonly [number, number],
  { features, segments, ranks }: { features: number; segments: Segments; ranks: ArrayLike<number> },
): CodeTile {
  const found = Array.from({ length: count }, (_, at) =>
    codesOf(ranks[begin + at]!, features, segments),
  );
  const own = new Int32Array(count);
  const parts: [number, number][] = [];
  let words = 0;
  for (const width of CODE_BITS) {
    const each = Math.ceil(features / 32) * width;
    for (const [at, { bits, word }] of found.entries()) {
      if (bits !== width) continue;
      own[at] = parts.length;
      parts.push([word, each]);
      words += each;
    }
  }
  const counts = countsOf((width) => found.filter(({ bits }) => bits === width).length);
  return { words, before: 0, counts, ranks: own, parts };
}
