import { elements } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';

/** The pointers are checked first, since they are what the rows are shared out by. */
export const sparseMatmul: Kernel = {
  op: 'sparseMatmul',
  lower: (node, context) => {
    const [rowPointers, columnIndices, x, values] = node.inputs;
    const [y] = node.outputs;
    const [columns, features] = x!.shape as [number, number];
    const rows = y!.shape[0]!;
    const [pointers, indices] = [context.address(rowPointers!), context.address(columnIndices!)];
    const entries = elements(columnIndices!);
    const rising = { what: 'row pointer', address: pointers, limit: entries, rising: true };
    const checks = { what: 'column index', address: indices, limit: columns };
    const matrix = [pointers, indices, values ? context.address(values) : 0];
    const args = [...matrix, context.address(x!), context.address(y!), rows, columns, features];
    return [
      onEveryThread(context, 'checkRowPointers', [pointers, rows, entries], rising),
      onEveryThread(context, 'sparseMatmul', args, checks),
    ];
  },
};
