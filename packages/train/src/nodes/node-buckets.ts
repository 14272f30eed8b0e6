import type { NodeShape } from '@sketchgrad/core';
import { geometricSize } from '../source/geometric-size.js';

/** Steps to an octave, the finest first. */
const LADDERS = [16, 12, 8, 6, 5, 4, 3, 2, 1];

/** How many times as many nodes a part of a later epoch may have as one that is known, or as few. */
const SPREAD = 2 ** (1 / 8);

/** By how much its share of entries and of loss rows may be above all that are known. */
const MARGIN = 1.25;

/**
 * The sizes that parts of a graph come in, so that a run has few: nodes rounded up geometrically, as
 * finely as the number of sizes allows that parts like those known may have. Entries and loss rows
 * follow from them by the largest shares that are known, with some room, since neither costs much more
 * than memory where it is nobody's; so they hardly add sizes. Parts of any size get one.
 */
export class NodeBuckets {
  readonly #perOctave: number;
  /** Entries and loss rows for each node. */
  readonly #entries: number;
  readonly #rows: number;
  /** Of the parts that it was made for, the share of all nodes that are nobody's. */
  readonly empty: number;

  /**
   * @param known sizes of an epoch's parts
   * @param mostSizes numbers of nodes that parts like these may come in
   */
  constructor(known: readonly NodeShape[], mostSizes: number) {
    const all = known.map(({ nodes }) => nodes);
    this.#perOctave =
      LADDERS.find((perOctave) => sizesNear(all, perOctave).size <= mostSizes) ?? LADDERS.at(-1)!;
    this.#entries = MARGIN * Math.max(...known.map(({ entries, nodes }) => entries / nodes));
    this.#rows = MARGIN * Math.max(...known.map(({ rows, nodes }) => rows / nodes));
    const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
    this.empty = 1 - sum(all) / sum(all.map((nodes) => this.#nodesFor(nodes)));
  }

  /** What a part of these sizes comes in. */
  sizesFor({ nodes: given, entries: least, rows }: NodeShape): NodeShape {
    const nodes = this.#nodesFor(given);
    const usual = Math.ceil(nodes * this.#rows);
    let entries = Math.ceil(nodes * this.#entries);
    while (entries < least) entries *= 2;
    return { nodes, entries, rows: rows <= usual ? Math.min(nodes, usual) : nodes, spare: true };
  }

  #nodesFor(nodes: number): number {
    return geometricSize(nodes, this.#perOctave, 1);
  }
}

/** The sizes that parts of about so many nodes come in. */
function sizesNear(known: readonly number[], perOctave: number): Set<number> {
  const sizes = new Set<number>();
  for (const nodes of known) {
    const last = geometricSize(Math.ceil(nodes * SPREAD), perOctave, 1);
    for (let at = Math.ceil(nodes / SPREAD); at <= last; ) {
      const size = geometricSize(at, perOctave, 1);
      sizes.add(size);
      at = size + 1;
    }
  }
  return sizes;
}
