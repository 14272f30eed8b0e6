import { type CodeAttributes, rotateRow, rotationSigns } from '@sketchgrad/core/backend';
import type { Lowering } from '../lowering.js';
import { codedTiles } from './coded-tile.js';

export const dequantize: Lowering<CodeAttributes & { readonly rotate: boolean }> = {
  op: 'dequantize',
  lower(inputs, node, context) {
    const { features, group, rotate } = node.attributes;
    const shape = node.outputs[0]!.shape as [number, number];
    const x = new Float32Array(shape[0] * features);
    codedTiles(node, inputs, context)(0, shape[0], x);
    const signs = rotationSigns(features);
    if (rotate)
      for (let at = 0; at < x.length; at += features)
        rotateRow(x.subarray(at, at + features), signs, group, true);
    return [context.upload(x, shape)];
  },
};
