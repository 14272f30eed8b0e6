import type { CodeAttributes } from '@sketchgrad/core/backend';
import type { Lowering } from '../lowering.js';
import { codedTiles } from './coded-tile.js';
import { tilesOf } from './tiles.js';

export const dequantize: Lowering<CodeAttributes & { readonly rotate: boolean }> = {
  op: 'dequantize',
  lower(inputs, node, context) {
    const { features, rotate } = node.attributes;
    const shape = node.outputs[0]!.shape as [number, number];
    const x = new Float32Array(shape[0] * features);
    const rowsAt = codedTiles(node, inputs, rotate, context);
    for (const [begin, count] of tilesOf(...shape)) x.set(rowsAt(begin, count), begin * features);
    return [context.upload(x, shape)];
  },
};
