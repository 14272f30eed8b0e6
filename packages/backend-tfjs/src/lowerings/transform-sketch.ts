import {
  diagonalBlocks,
  type Node,
  type Transform,
  transformInputs,
  transformSizes,
} from '@sketchgrad/core';
import { below, checkIndices, randomSigns, randomWords } from '@sketchgrad/core/backend';
import type { Lowering } from '../lowering.js';
import { basisOf, type WriteEntries } from '../random/entries.js';
import { type SketchAttributes, sketchByTiles, tileBytes } from './sketch-tiles.js';

type TransformAttributes = SketchAttributes & { readonly transform: Transform };

/** By tiles of S, which are products here: TensorFlow.js has no fast transform of real columns. */
export const transformSketch: Lowering<TransformAttributes> = {
  op: 'transformSketch',
  scratchBytes: (node) =>
    tileBytes(node, transformInputs(node as Node, node.inputs).order !== undefined),
  lower(inputs, node, context) {
    const { transform, rows, stream, blockRows } = node.attributes;
    const { x, key, order, slots, chosen } = transformInputs(node as Node, inputs);
    const { read, check } = context;
    const [n] = x.shape as [number];
    const { length } = transformSizes(node.inputs[0]!, rows, blockRows);
    for (const list of [slots, chosen])
      if (list)
        check(list, `places of ${length}`, (data) =>
          checkIndices(node as Node, 'index', data, length),
        );
    const [places, taken] = [slots && read(slots), chosen && read(chosen)];
    const drawn = { data: read(key) };
    const [sign, word] = [randomSigns(drawn, stream), randomWords(drawn, stream)];
    const signs = Float64Array.from({ length: n }, (_, t) => sign(t));
    const signWords = 2 * Math.ceil(n / 64);
    const basis = basisOf(transform, length);
    const blocks = diagonalBlocks(n, rows, blockRows);
    const write: WriteEntries = (into, { at, row, first, count }) => {
      const b = blocks.findIndex(({ sketchEnd }) => row < sketchEnd);
      const { sketchBegin, sketchEnd } = blocks[b]!;
      const scale = Math.sqrt(length / (sketchEnd - sketchBegin));
      const r = taken
        ? taken[b * length + row - sketchBegin]!
        : below(word(signWords + row), length);
      for (let t = 0; t < count; t++) {
        const place = places ? places[b * length + t]! : t;
        into[at + t] = signs[first + t]! * scale * basis(r, place);
      }
    };
    return [sketchByTiles(x, node, { order, write }, context)];
  },
};
