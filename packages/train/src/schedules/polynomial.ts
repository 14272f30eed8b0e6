import { checkOptions, UsageError } from '@sketchgrad/core';
import { checkShare, rising, type Schedule, type WarmupOptions, warmupSteps } from './schedule.js';

export interface PolynomialOptions extends WarmupOptions {
  /** The exponent of the remaining share of steps; 1 is a straight line. */
  readonly power?: number;
  /** The factor at the end and after it, 0 to 1. */
  readonly end?: number;
}

/**
 * Falls from 1 to `end` as end + (1 − end) · (remaining share of steps)^power. The same numbers as
 * the transformers library's `get_polynomial_decay_schedule_with_warmup`, whose final learning
 * rate is `end` times the initial one here.
 */
export function polynomialSchedule(options: PolynomialOptions = {}): Schedule {
  checkOptions('polynomialSchedule', options, { warmup: true, power: true, end: true });
  const { warmup = 0, power = 1, end = 0 } = options;
  checkShare('warmup', warmup);
  checkShare('end', end);
  if (!(power > 0 && Number.isFinite(power))) {
    throw new UsageError(`power must be a positive number, but it is ${power}`);
  }
  return {
    name: `polynomial(warmup=${warmup}, power=${power}, end=${end})`,
    factor(step, totalSteps) {
      const risen = rising(step, warmup, totalSteps);
      if (risen !== undefined) return risen;
      const first = warmupSteps(warmup, totalSteps);
      if (step >= totalSteps) return end;
      return end + (1 - end) * ((totalSteps - step) / (totalSteps - first)) ** power;
    },
  };
}
