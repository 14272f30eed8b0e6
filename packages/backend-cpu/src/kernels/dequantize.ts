import type { DequantizeAttributes } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';
import { checkRanks, paddedFeatures, rowCounts } from './quantize.js';

export const dequantize: Kernel = {
  op: 'dequantize',
  scratchBytes: (node, threads) => 8 * threads * paddedFeatures(node.outputs[0]!.shape[1]!),
  lower: (node, context) => {
    const [codes, ranges, ranks] = node.inputs;
    const y = node.outputs[0]!;
    const [rows, features] = y.shape as [number, number];
    if (rows * features === 0) return [];
    const attributes = node.attributes as DequantizeAttributes;
    const args = [
      context.address(codes!),
      context.address(ranges!),
      ranks ? context.address(ranks) : 0,
      context.address(y),
      context.scratch(node),
      rows,
      features,
      attributes.group,
      attributes.rotate ? 1 : 0,
      ...rowCounts(attributes),
    ];
    const unpack = onEveryThread(context, 'dequantize', args);
    return [(thread) => [...checkRanks(ranks, context), ...unpack(thread)]];
  },
};
