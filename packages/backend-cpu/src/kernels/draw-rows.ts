import type { Node } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';

const alignedBytes = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Bytes of the random words of so many draws; the generator writes those of 16 draws at a time. */
const wordBytes = (count: number): number => alignedBytes(count * 8 + 120);

const count = (node: Node): number => node.attributes.count as number;
const stream = (node: Node): number => node.attributes.stream as number;
const weightsOf = (node: Node): number => node.inputs[0]!.shape[0]!;

const ACCEPTED = 'a finite number ≥ 0';

export const sampleRows: Kernel = {
  op: 'sampleRows',
  scratchBytes: (node) => alignedBytes(weightsOf(node) * 8) + wordBytes(count(node)),
  lower: (node, context) => {
    const rows = weightsOf(node);
    const addresses = [...node.inputs, ...node.outputs].map((value) => context.address(value));
    const [weights, key, indices, factors] = addresses as [number, number, number, number];
    const sums = context.scratch(node);
    const words = sums + alignedBytes(rows * 8);
    const checks = { what: 'weight', address: weights, accepted: ACCEPTED };
    const settings = [rows, count(node), stream(node)];
    return [
      onEveryThread(context, 'prefixSums', [weights, sums, rows], checks),
      onEveryThread(context, 'drawRows', [sums, words, key, indices, factors, ...settings]),
    ];
  },
};

/** Bytes of winnerRows' scratch: keys to sort by, twice; order; sums; how many win; random words. */
const winnerBytes = (node: Node): number[] => {
  const rows = weightsOf(node);
  const parts = [16 * rows, 4 * rows, 8 * (rows + 1), 4].map(alignedBytes);
  return [...parts, wordBytes(count(node))];
};

export const winnerRows: Kernel = {
  op: 'winnerRows',
  scratchBytes: (node) => winnerBytes(node).reduce((total, bytes) => total + bytes, 0),
  lower: (node, context) => {
    const addresses = [...node.inputs, ...node.outputs].map((value) => context.address(value));
    const [weights, key, ...drawn] = addresses as [number, number, number, number, number];
    let next = context.scratch(node);
    const [keys, order, rest, winners, words] = winnerBytes(node).map((bytes) => {
      next += bytes;
      return next - bytes;
    }) as [number, number, number, number, number];
    const checks = { what: 'weight', address: weights, accepted: ACCEPTED };
    const sizes = [weightsOf(node), count(node)];
    const chosen = [order, rest, winners];
    return [
      onEveryThread(context, 'chooseWinners', [weights, keys, ...chosen, ...sizes], checks),
      onEveryThread(context, 'drawOthers', [
        ...[...chosen, words, key, ...drawn, ...sizes],
        stream(node),
      ]),
    ];
  },
};

export const uniformRows: Kernel = {
  op: 'uniformRows',
  scratchBytes: (node) =>
    wordBytes(count(node)) +
    (node.attributes.replacement ? 0 : alignedBytes(4 * (node.attributes.rows as number))),
  lower: (node, context) => {
    const words = context.scratch(node);
    const all = words + wordBytes(count(node));
    const addresses = [context.address(node.inputs[0]!), context.address(node.outputs[0]!)];
    const { rows, replacement } = node.attributes as { rows: number; replacement: boolean };
    const settings = [rows, count(node), replacement ? 1 : 0, stream(node)];
    return [onEveryThread(context, 'uniformRows', [words, all, ...addresses, ...settings])];
  },
};
