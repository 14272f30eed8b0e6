import type { Value } from '@sketchgrad/core';
import { type Refusal, refusedStart } from '@sketchgrad/core/backend';
import type { Check, NodeOf } from '../lowering.js';
import { ALL } from '../wgsl/used-rows.js';
import type { UsedRows } from './reduction.js';

type Where = Pick<NodeOf<never>, 'op' | 'scope'>;

/** What kernels with USED_ROWS are told of so many rows. */
export const usedUniforms = (
  rows: number,
  starts: Value | undefined,
): { readonly rows: number; readonly last: number } => ({
  rows,
  last: starts ? starts.shape[0]! - 1 : ALL,
});

/** The rows that are somebody's, where not all are. */
export const usedBy = (starts: Value | undefined): UsedRows | undefined =>
  starts && { starts, last: starts.shape[0]! - 1 };

/** What starts of sequences have to be, of so many rows; nothing where there are none. */
export function checkedStarts(
  node: Where,
  starts: Value | undefined,
  rows: number,
  limits: { readonly longest?: number; readonly least?: number } = {},
): readonly Check[] {
  if (!starts) return [];
  const refuse: Refusal = refusedStart(node as Parameters<typeof refusedStart>[0], rows, limits);
  return [
    {
      ...{ check: 'rising', of: starts, count: starts.shape[0]!, refuse },
      limits: [rows, limits.longest ?? rows, limits.least ?? 0],
    },
  ];
}
