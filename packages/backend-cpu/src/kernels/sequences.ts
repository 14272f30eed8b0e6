import type { Value } from '@sketchgrad/core';
import { type IndexCheck, type LoweringContext, onEveryThread, type Phase } from './kernel.js';

/** What a kernel checks that goes by where sequences begin: `longest` rows each, where that is said. */
export const startsCheck = (address: number, rows: number, longest?: number): IndexCheck => ({
  ...{ what: 'start', address, limit: rows, rising: true },
  ...(longest === undefined ? {} : { step: longest }),
});

/** How kernels learn which rows are somebody's. */
export interface UsedRows {
  /** The starts' address and how many sequences there are; two zeros where all rows are somebody's. */
  readonly arguments: readonly [starts: number, examples: number];
  /** What has to come before, to check them. */
  readonly checked: readonly Phase[];
}

/**
 * For an op that has starts, or none.
 *
 * @param least how many rows must be somebody's
 */
export function usedRows(
  starts: Value | undefined,
  context: LoweringContext,
  rows: number,
  least: number,
): UsedRows {
  if (!starts) return { arguments: [0, 0], checked: [] };
  const [address, examples] = [context.address(starts), starts.shape[0]! - 1];
  const checks = { ...startsCheck(address, rows), least };
  const args = [address, examples, rows, least];
  return {
    arguments: [address, examples],
    checked: [onEveryThread(context, 'checkUsedRows', args, checks)],
  };
}
