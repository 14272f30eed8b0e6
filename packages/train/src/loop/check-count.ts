import { UsageError } from '@sketchgrad/core';

/** @throws UsageError unless it is 1, 2, 3, … */
export function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`${name} must be an integer of at least 1, but it is ${value}`);
}
