import { UsageError } from '@sketchgrad/core';
import type { BatchRows } from '../priorities/batch-rows.js';
import type { StepBatch } from './step-source.js';

/** @throws UsageError where a source does not tell rows apart */
export function rowsOf({ rows }: Pick<StepBatch<object>, 'rows'>, layer: string): BatchRows {
  if (rows) return rows(layer);
  throw new UsageError(
    'an estimator that ranks rows needs to know whose rows a batch has: give its batches rows(), and the source examples',
  );
}
