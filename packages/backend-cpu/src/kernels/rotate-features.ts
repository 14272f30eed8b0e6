import { type Kernel, onEveryThread } from './kernel.js';
import { paddedFeatures } from './quantize.js';

export const rotateFeatures: Kernel = {
  op: 'rotateFeatures',
  scratchBytes: (node, threads) => 4 * threads * paddedFeatures(node.inputs[0]!.shape[1]!),
  lower: (node, context) => {
    const [rows, features] = node.inputs[0]!.shape as [number, number];
    if (rows * features === 0) return [];
    const { group, inverse } = node.attributes as { group: number; inverse: boolean };
    const args = [
      context.address(node.inputs[0]!),
      context.address(node.outputs[0]!),
      context.scratch(node),
      rows,
      features,
      group,
      inverse ? 1 : 0,
    ];
    return [onEveryThread(context, 'rotateFeatures', args)];
  },
};
