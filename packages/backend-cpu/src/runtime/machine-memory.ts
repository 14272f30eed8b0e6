import { totalmem } from 'node:os';

/** Bytes of memory that this process can have: the machine's, or its container's where that is less. */
export function machineMemory(): number {
  // 0 where nothing constrains, or more than any machine has.
  const constrained = process.constrainedMemory();
  return Math.min(totalmem(), constrained || Number.POSITIVE_INFINITY);
}
