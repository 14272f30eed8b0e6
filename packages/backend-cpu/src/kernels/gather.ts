import { elements } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';

export const gather: Kernel = {
  op: 'gather',
  lower: (node, context) => {
    const [table, indices] = node.inputs;
    const [rows, features] = table!.shape as [number, number];
    const addresses = [table!, indices!, node.outputs[0]!].map((value) => context.address(value));
    const sizes = [rows, node.outputs[0]!.shape[0]!, features];
    const checks = { what: 'index', address: addresses[1]!, limit: rows };
    return [onEveryThread(context, 'gather', [...addresses, ...sizes], checks)];
  },
};

export const scatterAdd: Kernel = {
  op: 'scatterAdd',
  lower: (node, context) => {
    const [x, indices] = node.inputs;
    const table = node.outputs[0]!;
    const [rows, features] = table.shape as [number, number];
    const addresses = [x!, indices!, table].map((value) => context.address(value));
    const sizes = [rows, x!.shape[0]!, features];
    const checks = { what: 'index', address: addresses[1]!, limit: rows };
    return [
      onEveryThread(context, 'clear', [context.address(table), elements(table)]),
      onEveryThread(context, 'scatterAdd', [...addresses, ...sizes], checks),
    ];
  },
};
