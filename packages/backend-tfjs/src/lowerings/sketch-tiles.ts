import { type Attributes, diagonalBlocks, type Node } from '@sketchgrad/core';
import { checkIndices } from '@sketchgrad/core/backend';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoweringContext } from '../lowering.js';
import type { NodeOf } from '../node-of.js';
import type { WriteEntries } from '../random/entries.js';

/** Entries of S that are there at once, but for a row, which is drawn as a whole. */
const TILE = 1 << 18;

export type SketchAttributes = Attributes & {
  readonly rows: number;
  readonly stream: number;
  readonly blockRows: number | undefined;
};

/** Rows of the sketch, drawn at once, and the rows of x that they are made of. */
interface Tile {
  readonly begin: number;
  readonly end: number;
  readonly sketchBegin: number;
  readonly sketchEnd: number;
}

/** The tiles of each diagonal block. */
function tilesOf({ inputs: [x], attributes }: NodeOf<SketchAttributes>): readonly Tile[][] {
  const { rows, blockRows } = attributes;
  return diagonalBlocks(x!.shape[0]!, rows, blockRows).map((block) => {
    const each = Math.max(1, Math.floor(TILE / Math.max(1, block.end - block.begin)));
    const tiles: Tile[] = [];
    for (let row = block.sketchBegin; row < block.sketchEnd; row += each)
      tiles.push({ ...block, sketchBegin: row, sketchEnd: Math.min(row + each, block.sketchEnd) });
    return tiles;
  });
}

/** Whether rows of x are taken as they lie. */
const isWhole = (node: NodeOf<SketchAttributes>, ordered: boolean): boolean =>
  !ordered && tilesOf(node).length === 1;

/** Bytes that {@link sketchByTiles} takes beside inputs and output. */
export function tileBytes(node: NodeOf<SketchAttributes>, ordered: boolean): number {
  const [n, features] = node.inputs[0]!.shape as [number, number];
  if (n * features === 0) return 0;
  let [made, most] = [0, 0];
  const blocks = tilesOf(node);
  for (const tiles of blocks) {
    const count = tiles[0]!.end - tiles[0]!.begin;
    const part = isWhole(node, ordered) ? 0 : count * features;
    // Its indices, while it is gathered.
    most = Math.max(most, made + part + (ordered ? count : 0));
    for (const { sketchBegin, sketchEnd } of tiles) {
      const rows = sketchEnd - sketchBegin;
      most = Math.max(most, made + part + rows * (count + features));
      made += rows * features;
    }
  }
  if (blocks.flat().length > 1) most = Math.max(most, 2 * made);
  return 4 * Math.max(0, most - made);
}

/** Sᵀ x, a tile of S at a time. @throws BackendError for an index of the order that is none */
export function sketchByTiles(
  x: Tensor,
  node: NodeOf<SketchAttributes>,
  { order, write }: { readonly order: Tensor | undefined; readonly write: WriteEntries },
  context: LoweringContext,
): Tensor {
  const { tf, check, upload } = context;
  const [n, features] = x.shape as [number, number];
  if (order)
    check(order, `an order of ${n}`, (data) => checkIndices(node as Node, 'index', data, n));
  if (n * features === 0) return tf.zeros([node.attributes.rows, features]);
  const whole = isWhole(node, order !== undefined);
  const made: Tensor[] = [];
  for (const tiles of tilesOf(node)) {
    const { begin, end } = tiles[0]!;
    const count = end - begin;
    const part = whole ? x : partOf(x, { order, begin, count }, context);
    for (const { sketchBegin, sketchEnd } of tiles) {
      const rows = sketchEnd - sketchBegin;
      const entries = new Float32Array(rows * count);
      for (let j = 0; j < rows; j++)
        write(entries, { at: j * count, row: sketchBegin + j, first: begin, count });
      const tile = upload(entries, [rows, count]);
      made.push(tf.matMul(tile, part));
      tile.dispose();
    }
    if (part !== x) part.dispose();
  }
  return made.length === 1 ? made[0]! : tf.concat(made, 0);
}

/** Rows of x, in an order where there is one. */
function partOf(
  x: Tensor,
  {
    order,
    begin,
    count,
  }: { readonly order: Tensor | undefined; readonly begin: number; readonly count: number },
  { tf }: LoweringContext,
): Tensor {
  if (!order) return tf.slice(x, [begin, 0], [count, x.shape[1]!]);
  const indices = tf.slice(order, [begin], [count]);
  const part = tf.gather(x, indices as never);
  indices.dispose();
  return part;
}
