import { elements } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';

const failure = (rows: number): string =>
  `index number {} (counted from 1) is not a row of the table: it must be from 0 to ${rows - 1}`;

export const gather: Kernel = {
  op: 'gather',
  lower: (node, context) => {
    const [table, indices] = node.inputs;
    const [rows, features] = table!.shape as [number, number];
    const addresses = [table!, indices!, node.outputs[0]!].map((value) => context.address(value));
    const sizes = [rows, elements(indices!), features];
    return [onEveryThread(context, 'gather', [...addresses, ...sizes], failure(rows))];
  },
};

export const scatterAdd: Kernel = {
  op: 'scatterAdd',
  lower: (node, context) => {
    const [x, indices] = node.inputs;
    const table = node.outputs[0]!;
    const [rows, features] = table.shape as [number, number];
    const addresses = [x!, indices!, table].map((value) => context.address(value));
    const sizes = [rows, elements(indices!), features];
    return [
      onEveryThread(context, 'clear', [context.address(table), elements(table)]),
      onEveryThread(context, 'scatterAdd', [...addresses, ...sizes], failure(rows)),
    ];
  },
};
