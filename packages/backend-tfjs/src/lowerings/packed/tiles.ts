import type { AttentionAttributes, AttentionSizes } from '@sketchgrad/core';
import { checkStarts } from '@sketchgrad/core/backend';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { DropoutBits, FactorRows } from '../../host/host.js';
import type { LoweringContext } from '../../lowering.js';
import type { NodeOf } from '../../node-of.js';

/** Scores, or numbers of keys and values, that are there at once, but for those of one sequence. */
const TILE = 1 << 21;

/** What is added to the scores of keys that are not attended to: with any score it is finite, and e to it 0. */
const CLOSED = -3e38;

/** A sequence. */
interface Sequence {
  readonly example: number;
  readonly first: number;
  readonly length: number;
  /** The number of its first probability among all that dropout draws bits for. */
  readonly element: number;
  /** Whether any of its keys is attended to. */
  readonly open: boolean;
}

/** Sequences that are worked on at once, each as long as the longest of them. */
export interface Tile {
  readonly sequences: readonly Sequence[];
  /** Rows of the longest. */
  readonly length: number;
}

/** How many sequences make a tile, where one takes so many numbers at most. */
export const perTile = (examples: number, each: number): number =>
  Math.max(1, Math.min(examples, Math.floor(TILE / Math.max(1, each))));

/** What says where sequences begin and which keys are attended to. */
interface Packed {
  readonly starts: Tensor;
  readonly mask: Tensor;
}

/**
 * Sequences cut into tiles, the longest first, so that little is spent on what fills the others up; those
 * of no rows are in none.
 *
 * @param count sequences of a tile
 * @param probabilities how many a head of a sequence of so many rows has
 * @throws BackendError for starts that are wrong
 */
export function tilesOf(
  node: NodeOf<AttentionAttributes>,
  { starts, mask }: Packed,
  { rows, heads, longest }: AttentionSizes,
  { count, probabilities }: { count: number; probabilities: (length: number) => number },
  { read }: LoweringContext,
): { readonly tiles: readonly Tile[]; readonly keys: Keys } {
  const begins = read(starts);
  checkStarts(node as never, begins, rows, { longest });
  const open = read(mask);
  let element = 0;
  const sequences = Array.from({ length: begins.length - 1 }, (_, example): Sequence => {
    const first = begins[example]!;
    const length = begins[example + 1]! - first;
    const isOpen = open.subarray(first, first + length).some((key: number) => key !== 0);
    const sequence = { example, first, length, element, open: isOpen };
    element += heads * probabilities(length);
    return sequence;
  });
  const sorted = sequences.filter(({ length }) => length > 0);
  sorted.sort((a, b) => b.length - a.length || a.first - b.first);
  const tiles: Tile[] = [];
  for (let first = 0; first < sorted.length; first += count) {
    const own = sorted.slice(first, first + count);
    tiles.push({ sequences: own, length: own[0]!.length });
  }
  return { tiles, keys: new Keys(open, rows) };
}

/** What is known of the rows of tiles. */
export class Keys {
  constructor(
    private readonly open: ArrayLike<number>,
    private readonly rows: number,
  ) {}

  /** The row at each place of a tile; what fills a sequence up is its own first. i32 [sequences · length] */
  rowsAt({ sequences, length }: Tile): Int32Array {
    return Int32Array.from({ length: sequences.length * length }, (_, place) => {
      const { first, length: own } = sequences[Math.floor(place / length)]!;
      const at = place % length;
      return first + (at < own ? at : 0);
    });
  }

  /**
   * The place of each row in a tile; the one behind all of them for rows that are not in it, or whose
   * sequence has no key that is attended to. i32 [rows]
   */
  placesOf({ sequences, length }: Tile): Int32Array {
    const places = new Int32Array(this.rows).fill(sequences.length * length);
    for (const [at, { first, length: own, open }] of sequences.entries())
      for (let i = 0; open && i < own; i++) places[first + i] = at * length + i;
    return places;
  }

  /** What is added to scores, 0 for keys that are attended to. f32 [sequences · length] */
  biases(tile: Tile): Float32Array {
    return this.#perPlace(tile, (row) => (this.open[row] === 0 ? CLOSED : 0), CLOSED);
  }

  /** 1 for keys that are attended to, else 0. f32 [sequences · length] */
  opened(tile: Tile): Float32Array {
    return this.#perPlace(tile, (row) => (this.open[row] === 0 ? 0 : 1), 0);
  }

  /** 1 for rows of sequences, 0 for what fills them up. f32 [sequences · length] */
  filled(tile: Tile): Float32Array {
    return this.#perPlace(tile, () => 1, 0);
  }

  /** 1 for rows of sequences of which any key is attended to, else 0. f32 [sequences · length] */
  inside(tile: Tile): Float32Array {
    return this.#perPlace(tile, (_, { open }) => (open ? 1 : 0), 0);
  }

  #perPlace(
    { sequences, length }: Tile,
    numberOf: (row: number, sequence: Sequence) => number,
    filling: number,
  ): Float32Array {
    const values = new Float32Array(sequences.length * length).fill(filling);
    for (const [at, sequence] of sequences.entries())
      for (let i = 0; i < sequence.length; i++)
        values[at * length + i] = numberOf(sequence.first + i, sequence);
    return values;
  }
}

/**
 * Dropout's factors of a tile's probabilities, 0 where nothing is. f32 [sequences, heads, queries, length]; to be
 * used up before the host does anything else.
 * @param queries rows of probabilities of a head: all of a sequence's, or one
 */
export function tileFactors(
  { sequences, length }: Tile,
  { heads, queries }: { readonly heads: number; readonly queries: number },
  bits: DropoutBits,
  { host }: LoweringContext,
): Float32Array {
  const perHead = queries * length;
  const parts = sequences.flatMap(({ length: run, element }, sequence): FactorRows[] => {
    const at = sequence * heads * perHead;
    // Rows of all heads follow each other, where nothing fills them up.
    if (queries === 1 || run === length)
      return [{ at, first: element, rows: heads * queries, run, width: length }];
    return Array.from({ length: heads }, (_, head) => ({
      ...{ at: at + head * perHead, first: element + head * run * run },
      ...{ rows: run, run, width: length },
    }));
  });
  return host.dropoutFactors(sequences.length * heads * perHead, parts, bits);
}
