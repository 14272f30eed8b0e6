import { diagonalBlocks, type SketchKind } from '@sketchgrad/core';
import type { Lowering } from '../lowering.js';
import { independentEntries, type WriteEntries } from '../random/entries.js';
import { type SketchAttributes, sketchByTiles, tileBytes } from './sketch-tiles.js';

export const sketch: Lowering<SketchAttributes & { readonly kind: SketchKind }> = {
  op: 'sketch',
  scratchBytes: (node) => tileBytes(node, node.inputs.length > 2),
  lower([x, key, order], node, context) {
    const { kind, rows, stream, blockRows } = node.attributes;
    const blocks = diagonalBlocks(x!.shape[0]!, rows, blockRows);
    const blockOf = (row: number) => blocks.find(({ sketchEnd }) => row < sketchEnd)!;
    const independent = independentEntries(
      kind,
      { key: context.read(key!), stream },
      {
        longest: blocks[0]!.end,
        scale(row) {
          const { sketchBegin, sketchEnd } = blockOf(row);
          return Math.fround(1 / Math.sqrt(sketchEnd - sketchBegin));
        },
      },
    );
    // Each block's rows are counted from its own first.
    const write: WriteEntries = (into, { at, row, count }) =>
      independent(into, { at, row, first: 0, count });
    return [sketchByTiles(x!, node, { order, write }, context)];
  },
};
