import { UsageError } from '@sketchgrad/core';
import { byteSize } from './byte-size.js';

/** What bytes are counted: the whole peak of a step, or what it keeps for its backward pass. */
export const BUDGETED = ['peak', 'kept'] as const;
export type Budgeted = (typeof BUDGETED)[number];

/** Least added variance within these bytes. */
export interface MemoryBudget {
  readonly bytes: number;
  readonly of: Budgeted;
  /** Whether it was given as a bare number, where a unit may have been meant. */
  readonly isBare: boolean;
}

/** What a choice of estimators has to keep to. */
export type Budget =
  | MemoryBudget
  | {
      /** Least bytes whose added variance is at most this times what batches have anyway. */
      readonly noise: number;
    };

/** A budget as options state it. */
export interface BudgetOptions {
  /**
   * Bytes that a step may take by its plan, `300MB`, `1.5GiB` or a number of bytes: each layer is
   * given the estimator with which the variance that is added to the weights' gradients is least.
   * What the process has resident besides, such as Node itself and the data, is not counted.
   */
  readonly memoryBudget?: number | string | undefined;
  /** Which bytes: `peak` unless given, all that a step allocates; or what it keeps, `kept`. */
  readonly budgetOf?: Budgeted | undefined;
  /**
   * κ: each layer is given the estimator with which a step keeps least, so that the added variance
   * is in all at most κ times that which gradients have because a batch is a sample.
   */
  readonly noiseBudget?: number | undefined;
}

/** The budget that is asked for, if any. @throws UsageError for one that none can be */
export function budgetOf(options: BudgetOptions): Budget | undefined {
  const { memoryBudget, noiseBudget, budgetOf: of = 'peak' } = options;
  if (memoryBudget !== undefined && noiseBudget !== undefined)
    throw new UsageError('memoryBudget and noiseBudget exclude each other: pass one of them');
  if (!BUDGETED.includes(of))
    throw new UsageError(`budgetOf must be one of ${BUDGETED.join(', ')}, but it is '${of}'`);
  if (options.budgetOf !== undefined && memoryBudget === undefined)
    throw new UsageError('budgetOf says what memoryBudget counts: pass both or neither');
  if (memoryBudget !== undefined)
    return { bytes: byteSize(memoryBudget), of, isBare: typeof memoryBudget === 'number' };
  if (noiseBudget === undefined) return undefined;
  if (!(noiseBudget > 0 && Number.isFinite(noiseBudget)))
    throw new UsageError(`noiseBudget must be a number above 0, but it is ${noiseBudget}`);
  return { noise: noiseBudget };
}
