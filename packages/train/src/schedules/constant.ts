import { checkOptions } from '@sketchgrad/core';
import { checkShare, rising, type Schedule, type WarmupOptions } from './schedule.js';

/** The full learning rate at every step after the warm-up. */
export function constantSchedule(options: WarmupOptions = {}): Schedule {
  checkOptions('constantSchedule', options, { warmup: true });
  const { warmup = 0 } = options;
  checkShare('warmup', warmup);
  return {
    name: `constant(warmup=${warmup})`,
    factor: (step, totalSteps) => rising(step, warmup, totalSteps) ?? 1,
  };
}
