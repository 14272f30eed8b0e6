import { CODE_BITS, type CodeLayout, type QuantizeAttributes, type Value } from '@sketchgrad/core';
import {
  type Kernel,
  type KernelCall,
  type LoweringContext,
  type NumberCheck,
  onEveryThread,
} from './kernel.js';

/** Rows whose random words the kernel draws at once. */
export const DRAWN = 8;

/** Features of a row, filled up to where the kernels' work on it ends. */
export const paddedFeatures = (features: number): number => Math.ceil(features / 64) * 64;

/** Rows of 8, 4, 3 and 2 bits, by falling rank; what is left has one bit. */
export const rowCounts = ({ segments }: CodeLayout): number[] =>
  CODE_BITS.slice(0, -1).map((width) => segments.find(({ bits }) => bits === width)?.rows ?? 0);

/** Where the inputs lie that belong to codes: key and ranks where there are any, else 0. */
export function codeAddresses(
  inputs: readonly Value[],
  { stream }: { readonly stream?: number },
  context: LoweringContext,
): { readonly addresses: readonly number[]; readonly ranks: Value | undefined } {
  const [codes, ranges, ...others] = inputs;
  const key = stream === undefined ? undefined : others.shift();
  const [ranks] = others;
  const addresses = [codes, ranges, key, ranks].map((value) =>
    value ? context.address(value) : 0,
  );
  return { addresses, ranks };
}

/** Looks at the ranks, if there are any, before they are used. */
export const checkRanks = (ranks: Value | undefined, context: LoweringContext): KernelCall[] => {
  if (!ranks) return [];
  const [address, limit] = [context.address(ranks), ranks.shape[0]!];
  const checks = { what: 'rank', address, limit };
  return [{ kernel: 'checkRanks', arguments: [address, limit], checks }];
};

/** What values must be to have a range. */
export const rangeCheck = (address: number): NumberCheck => ({
  what: 'value',
  address,
  accepted: 'finite and, with its group, in the range of bfloat16',
});

/** f32 numbers in the room of a row, and of the random words of several: two for each 32 features. */
export const rowAndWords = (features: number): number =>
  paddedFeatures(features) * (1 + DRAWN / 16);

/** Bytes of a thread's room: signs, a row and words. */
export const roomBytes = (features: number): number =>
  4 * (paddedFeatures(features) + rowAndWords(features));

export const quantize: Kernel = {
  op: 'quantize',
  scratchBytes: (node, threads) => threads * roomBytes(node.inputs[0]!.shape[1]!),
  lower: (node, context) => {
    const [x, key, ranks] = node.inputs;
    const [rows, features] = x!.shape as [number, number];
    if (rows * features === 0) return [];
    const attributes = node.attributes as QuantizeAttributes;
    const args = [
      context.address(x!),
      context.address(key!),
      ranks ? context.address(ranks) : 0,
      ...node.outputs.map((value) => context.address(value)),
      context.scratch(node),
      roomBytes(features),
      rows,
      features,
      attributes.group,
      attributes.rotate ? 1 : 0,
      attributes.stream,
      ...rowCounts(attributes),
    ];
    const round = onEveryThread(context, 'quantize', args, rangeCheck(args[0]!));
    return [(thread) => [...checkRanks(ranks, context), ...round(thread)]];
  },
};
