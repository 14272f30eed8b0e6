import { checkRoom } from '../checks/check-members.js';
import { checkPlan } from '../checks/kinds.js';
import { PlanError } from '../errors.js';
import type { MemoryPlan } from './memory-plan.js';
import { formatBytes } from './print-plan.js';

/**
 * @param memoryBytes `Infinity` where that is not known
 * @throws PlanError where a plan's peak, host store included, is more than `memoryBytes`; UsageError
 * for what is no plan, or no number of bytes
 */
export function checkMemory(plan: MemoryPlan, memoryBytes: number): void {
  checkPlan('checkMemory: plan', plan);
  checkRoom('checkMemory: memoryBytes', memoryBytes);
  const { peakBytes, hostBytes } = plan;
  if (peakBytes <= memoryBytes) return;
  const stored = hostBytes ? `, ${formatBytes(hostBytes)} of it in the host store` : '';
  throw new PlanError(
    `the plan needs ${formatBytes(peakBytes)}${stored}; there are ${formatBytes(memoryBytes)} of memory. A smaller batch or sequence, a lower rate or more recomputation would fit`,
    peakBytes,
    memoryBytes,
  );
}
