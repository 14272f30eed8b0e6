import type { DequantizeAttributes } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';
import { checkRanks, codeAddresses, roomBytes, rowCounts } from './quantize.js';

export const dequantize: Kernel = {
  op: 'dequantize',
  scratchBytes: (node, threads) => threads * roomBytes(node.outputs[0]!.shape[1]!),
  lower: (node, context) => {
    const y = node.outputs[0]!;
    const [rows, features] = y.shape as [number, number];
    if (rows * features === 0) return [];
    const attributes = node.attributes as DequantizeAttributes;
    const { addresses, ranks } = codeAddresses(node.inputs, attributes, context);
    const args = [
      ...addresses,
      context.address(y),
      context.scratch(node),
      roomBytes(features),
      rows,
      features,
      attributes.group,
      attributes.rotate ? 1 : 0,
      attributes.stream ?? 0,
      ...rowCounts(attributes),
    ];
    const unpack = onEveryThread(context, 'dequantize', args);
    return [(thread) => [...checkRanks(ranks, context), ...unpack(thread)]];
  },
};
