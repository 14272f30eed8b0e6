import { checkPlan } from '../checks/kinds.js';
import { PlanError } from '../errors.js';
import type { MemoryPlan } from './memory-plan.js';
import { formatBytes } from './print-plan.js';

/** @throws PlanError where a plan's peak, host store included, is more than `memoryBytes` */
export function checkMemory(plan: MemoryPlan, memoryBytes: number): void {
  checkPlan('checkMemory: plan', plan);
  const { peakBytes, hostBytes } = plan;
  if (peakBytes <= memoryBytes) return;
  const stored = hostBytes ? `, ${formatBytes(hostBytes)} of it in the host store` : '';
  throw new PlanError(
    `the plan needs ${formatBytes(peakBytes)}${stored}; there are ${formatBytes(memoryBytes)} of memory. A smaller batch or sequence, a lower rate or more recomputation would fit`,
    peakBytes,
    memoryBytes,
  );
}
