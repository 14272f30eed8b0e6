import { type Kernel, onEveryThread } from './kernel.js';

export const normalize: Kernel = {
  op: 'normalize',
  lower: (node, context) => {
    const [x] = node.inputs;
    const [y, inverse] = node.outputs;
    const [rows, features] = x!.shape as [number, number];
    const addresses = [x!, y!, inverse!].map((value) => context.address(value));
    const epsilon = node.attributes.epsilon as number;
    return [onEveryThread(context, 'normalize', [...addresses, rows, features, epsilon])];
  },
};

export const normalizeGradient: Kernel = {
  op: 'normalizeGradient',
  lower: (node, context) => {
    const [rows, features] = node.inputs[0]!.shape as [number, number];
    const addresses = [...node.inputs, node.outputs[0]!].map((value) => context.address(value));
    return [onEveryThread(context, 'normalizeGradient', [...addresses, rows, features])];
  },
};
