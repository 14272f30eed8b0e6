import { type CodeBits, elements, type GeluBits, type Shape } from '@sketchgrad/core';
import { packCodes, unpackCodes } from '@sketchgrad/core/backend';
import { bytesOf, type Lowering } from '../lowering.js';
import { gelu } from './gelu.js';
import { readRows, tileBytes, tilesOf } from './tiles.js';

type Attributes = { readonly bits: GeluBits & CodeBits };

/** As many numbers as codes are packed by: tiles end where words do. */
const ROW = 32;

/** In which interval a number lies: how many thresholds, which rise, are not above it. */
function intervalOf(value: number, thresholds: ArrayLike<number>): number {
  let [from, to] = [0, thresholds.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (value >= thresholds[middle]!) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** GELU on the device; of its input, a tile at a time, which interval it lies in, packed on the host. */
export const fewBitGelu: Lowering<Attributes> = {
  op: 'fewBitGelu',
  // Of GELU's own tensors, one is there when the codes are uploaded.
  scratchBytes: (node, abilities) =>
    Math.max(
      bytesOf(node.inputs[0]!),
      gelu.scratchBytes!(node, abilities) - bytesOf(node.outputs[1]!),
    ),
  lower([x, thresholds], node, context) {
    const { read, upload, view } = context;
    const { bits } = node.attributes;
    const count = elements(node.outputs[0]!);
    const limits = read(thresholds!);
    const words = new Int32Array(elements(node.outputs[1]!));
    const column = view(x!, [count, 1]);
    for (const tile of tilesOf(count, 1)) {
      const codes = Uint8Array.from(readRows(column, tile, context), (value) =>
        intervalOf(value, limits),
      );
      packCodes(codes, bits, words, (tile[0] / ROW) * bits);
    }
    return [gelu.lower([x!], node, context)[0]!, upload(words)];
  },
};

const columnOf = (shape: Shape): Shape => [shape.reduce((n, size) => n * size, 1), 1];

/** Codes and cotangents a tile at a time on the host, where each code's derivative is looked up. */
export const fewBitGeluGradient: Lowering<Attributes> = {
  op: 'fewBitGeluGradient',
  scratchBytes: ({ inputs: [dy], outputs }) =>
    Math.max(0, tileBytes(columnOf(dy!.shape)) - bytesOf(...outputs)),
  lower([dy, packed, values], node, context) {
    const { read, upload, view } = context;
    const { bits } = node.attributes;
    const [words, derivatives] = [read(packed!), read(values!)];
    const { shape } = node.outputs[0]!;
    const column = columnOf(shape);
    const dx = new Float32Array(column[0]!);
    for (const tile of tilesOf(column[0]!, 1)) {
      const [begin, count] = tile;
      const cotangents = readRows(view(dy!, column), tile, context);
      const codes = unpackCodes(words, (begin / ROW) * bits, bits, count);
      for (let i = 0; i < count; i++) dx[begin + i] = cotangents[i]! * derivatives[codes[i]!]!;
    }
    return [upload(dx, shape)];
  },
};
