import type { Shape } from '@sketchgrad/core';
import type { QuantizeAttributes } from '@sketchgrad/core/backend';
import { bytesOf, type Lowering } from '../lowering.js';
import { readRows, tileBytes, tilesOf } from './tiles.js';

const count = (shape: Shape): number => shape.reduce((n, size) => n * size, 1);

/** On the host, a tile of rows at a time: equal codes to the bit are a matter of whole numbers and bits. */
export const quantize: Lowering<QuantizeAttributes> = {
  op: 'quantize',
  scratchBytes: ({ inputs: [x], outputs }) =>
    Math.max(0, tileBytes(x!.shape) - bytesOf(...outputs)),
  lower([x, key, ranks], node, context) {
    const { read, upload, host } = context;
    const [rows, features] = x!.shape as [number, number];
    const [codeShape, rangeShape] = node.outputs.map(({ shape }) => shape) as [Shape, Shape];
    const codes = new Int32Array(count(codeShape));
    const ranges = { shape: rangeShape, data: new Int32Array(count(rangeShape)) };
    const coded = { key: read(key!), ranks: ranks && read(ranks), codes, ranges };
    const codeRows = host.quantizer(node, features, coded);
    for (const tile of tilesOf(rows, features))
      codeRows(tile[0], readRows(x!, tile, context) as Float32Array);
    return [upload(codes), upload(ranges.data, rangeShape)];
  },
};
