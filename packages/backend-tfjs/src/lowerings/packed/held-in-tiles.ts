import type { AttentionSizes } from '@sketchgrad/core';
import { holdAdded } from '../added.js';
import { Held } from '../held.js';

/** Words of a tile's tensors, all its sequences being as long as they may be. */
export interface TileWords {
  /** Places of rows. */
  readonly places: number;
  /** Queries, keys or values. */
  readonly part: number;
  /** Scores of all queries. */
  readonly scores: number;
  /** A number a query and head. */
  readonly each: number;
  /** Sequences. */
  readonly count: number;
}

/** What the tiles of sequences that are as long as they may be hold at most. */
export function heldInTiles(
  { examples, heads, size, longest }: AttentionSizes,
  count: number,
  work: (held: Held, words: TileWords, more: boolean) => void,
): Held {
  const held = new Held();
  for (let first = 0; first < examples && longest > 0; first += count) {
    const own = Math.min(count, examples - first);
    const each = own * heads * longest;
    const words = {
      ...{ places: own * longest, part: each * size, scores: each * longest, each, count: own },
    };
    work(held, words, first > 0);
  }
  return held;
}

/** splitHeads of so many parts. */
export const split = (held: Held, { places, part }: TileWords, parts: number): Held =>
  held
    .make(places, parts * part)
    .free(places)
    .make(parts * part)
    .free(parts * part);

/** mergeHeads. */
export const merge = (held: Held, words: number): Held => held.make(words).free(words);

/** placeRows of so many columns. */
export function place(
  held: Held,
  places: number,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  more: boolean,
): Held {
  const [own, padded, all] = [places * columns, (places + 1) * columns, rows * columns];
  held.make(padded).free(own).make(rows, all).free(padded, rows);
  return holdAdded(held, more, all);
}

/** scaled. */
export const scale = (held: Held, words: number): Held => held.make(1, words).free(1, words);
