import type { RoundingVarianceAttributes } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';
import { checkRanks, paddedFeatures, rangeCheck, rowCounts } from './quantize.js';

export const roundingVariance: Kernel = {
  op: 'roundingVariance',
  scratchBytes: (node, threads) => 8 * threads * paddedFeatures(node.inputs[0]!.shape[1]!),
  lower: (node, context) => {
    const [x, ranks] = node.inputs;
    const [rows, features] = x!.shape as [number, number];
    const y = context.address(node.outputs[0]!);
    if (rows === 0) return [];
    if (features === 0) return [onEveryThread(context, 'clear', [y, rows])];
    const attributes = node.attributes as RoundingVarianceAttributes;
    const args = [
      context.address(x!),
      ranks ? context.address(ranks) : 0,
      y,
      context.scratch(node),
      rows,
      features,
      attributes.group,
      attributes.rotate ? 1 : 0,
      attributes.dither ? 1 : 0,
      ...rowCounts(attributes),
    ];
    const measure = onEveryThread(context, 'roundingVariance', args, rangeCheck(args[0]!));
    return [(thread) => [...checkRanks(ranks, context), ...measure(thread)]];
  },
};
