import { checkShare, rising, type Schedule, type WarmupOptions } from './schedule.js';

/** The full learning rate at every step after the warm-up. */
export function constantSchedule({ warmup = 0 }: WarmupOptions = {}): Schedule {
  checkShare('warmup', warmup);
  return {
    name: `constant(warmup=${warmup})`,
    factor: (step, totalSteps) => rising(step, warmup, totalSteps) ?? 1,
  };
}
