import { elements, type GeluBits, type Shape } from '@sketchgrad/core';
import { bytesOf, type Lowering } from '../lowering.js';
import { readRows, tileBytes, tilesOf } from './tiles.js';

type Attributes = { readonly bits: GeluBits };

const listOf = (shape: Shape): Shape => [shape.reduce((n, size) => n * size, 1)];

/** Bytes of a tile of numbers that is read before any of the outputs is made. */
const scratchBytes: Lowering['scratchBytes'] = ({ inputs: [x], outputs }) =>
  Math.max(0, tileBytes(listOf(x!.shape)) - bytesOf(...outputs));

/** Both on the host, a tile at a time: there a number that is read for its code is nearly read for its GELU. */
export const fewBitGelu: Lowering<Attributes> = {
  op: 'fewBitGelu',
  scratchBytes,
  lower([x, thresholds], node, context) {
    const { read, upload, view, host } = context;
    const { shape } = node.outputs[0]!;
    const list = listOf(shape);
    const y = new Float32Array(list[0]!);
    const words = new Int32Array(elements(node.outputs[1]!));
    const geluOf = host.fewBitGelu(node.attributes.bits, read(thresholds!), words);
    for (const tile of tilesOf(list[0]!, 1)) {
      const numbers = readRows(view(x!, list), tile, context) as Float32Array;
      y.set(geluOf(tile[0], numbers), tile[0]);
    }
    return [upload(y, shape), upload(words)];
  },
};

/** Codes and cotangents a tile at a time on the host, where each code's derivative is looked up. */
export const fewBitGeluGradient: Lowering<Attributes> = {
  op: 'fewBitGeluGradient',
  scratchBytes,
  lower([dy, packed, values], node, context) {
    const { read, upload, view, host } = context;
    const slopesOf = host.fewBitGeluGradient(node.attributes.bits, read(values!), read(packed!));
    const { shape } = node.outputs[0]!;
    const list = listOf(shape);
    const dx = new Float32Array(list[0]!);
    for (const tile of tilesOf(list[0]!, 1)) {
      const cotangents = readRows(view(dy!, list), tile, context) as Float32Array;
      dx.set(slopesOf(tile[0], cotangents), tile[0]);
    }
    return [upload(dx, shape)];
  },
};
