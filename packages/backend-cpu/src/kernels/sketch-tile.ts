import type { Node, SketchKind } from '@sketchgrad/core';
import type { GemmCall, KernelCall, LoweringContext } from './kernel.js';

type Attributes = {
  readonly kind: SketchKind;
  readonly rows: number;
  readonly stream: number;
  readonly blockRows: number | undefined;
};

/**
 * For each kind of entry: its number in the tile kernel, and the rows of x that one SIMD step of the
 * kernel covers (four Threefry blocks of five Gaussian entries; one block of 64 signs).
 */
export const KINDS: Readonly<Record<SketchKind, { readonly code: number; readonly unit: number }>> =
  {
    gaussian: { code: 0, unit: 20 },
    rademacher: { code: 1, unit: 64 },
  };

/** Rows of x that one tile of S meets, about: enough for a good product, few enough for the cache. */
export const TILE_ROWS = 512;

export const alignedFloats = (count: number): number => Math.ceil(count / 16) * 16;

/** Sizes of a sketch node. */
export function layout(node: Node) {
  const { rows, blockRows } = node.attributes as Attributes;
  const [n, features] = node.inputs[0]!.shape as [number, number];
  return { rows, blockRows, n, features };
}

/** A tile begins at a multiple of so many rows of its block. */
export const sketchUnit = (node: Node): number => KINDS[(node.attributes as Attributes).kind].unit;

/** Which entries of S a tile has: `begin` to `end` of each of some columns, which have `length`. */
interface Tile {
  readonly tile: number;
  readonly length: number;
  readonly begin: number;
  readonly end: number;
  readonly columns: { readonly begin: number; readonly end: number };
}

/** Draws a tile of Sᵀ, f32 [columns, end − begin]. */
export function drawTile(
  node: Node,
  context: LoweringContext,
  { tile, length, begin, end, columns }: Tile,
): KernelCall {
  const { kind, stream } = node.attributes as Attributes;
  const rows = columns.end - columns.begin;
  const key = context.address(node.inputs[1]!);
  const scale = Math.fround(1 / Math.sqrt(rows));
  const drawn = [tile, KINDS[kind].code, length, begin, end, rows];
  const from = [key, stream, context.gaussianTable, scale, columns.begin];
  return { kernel: 'sketchTile', arguments: [...drawn, ...from] };
}

/** sum = tile · x, or sum + tile · x. */
export const product = (
  tile: number,
  x: number,
  sum: number,
  { rows, count, features }: { rows: number; count: number; features: number },
  accumulate: boolean,
): GemmCall => ({
  a: { address: tile, rows, columns: count },
  b: { address: x, rows: count, columns: features },
  c: { address: sum, rows, columns: features },
  transposeA: false,
  transposeB: false,
  accumulate,
});
