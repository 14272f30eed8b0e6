import { elements } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';

export const accumulate: Kernel = {
  op: 'accumulate',
  lower: (node, context) => {
    const [total, x] = node.inputs;
    const args = [context.address(total!), context.address(x!), elements(total!)];
    return [onEveryThread(context, 'accumulate', args)];
  },
};

export const moveAverage: Kernel = {
  op: 'moveAverage',
  lower: (node, context) => {
    const [average, x] = node.inputs;
    const { momentum, factor } = node.attributes as { momentum: number; factor: number };
    const addresses = [context.address(average!), context.address(x!)];
    const args = [...addresses, elements(average!), 1 - momentum, momentum * factor];
    return [onEveryThread(context, 'moveAverage', args)];
  },
};

export const clear: Kernel = {
  op: 'clear',
  lower: (node, context) => {
    const [x] = node.inputs;
    return [onEveryThread(context, 'clear', [context.address(x!), elements(x!)])];
  },
};

export const clipFactor: Kernel = {
  op: 'clipFactor',
  lower: (node, context) => {
    const addresses = [...node.inputs, node.outputs[0]!].map((value) => context.address(value));
    return [onEveryThread(context, 'clipFactor', [...addresses, node.attributes.limit as number])];
  },
};

export const adamw: Kernel = {
  op: 'adamw',
  lower: (node, context) => {
    const [parameter, gradient, first, second, settings, factor] = node.inputs;
    const args = [
      ...[parameter!, gradient!, first!, second!, settings!].map((value) => context.address(value)),
      factor ? context.address(factor) : 0,
      node.attributes.decay ? 1 : 0,
      elements(parameter!),
    ];
    return [onEveryThread(context, 'adamw', args)];
  },
};
