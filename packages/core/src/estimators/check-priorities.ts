import { checkAmounts } from '../checks/check-amounts.js';

/** @throws UsageError unless they are a finite number ≥ 0 for each row */
export const checkPriorities = (priorities: unknown, rows: number): void =>
  checkAmounts('priorities', priorities, rows, 'rows');
