import { checkOptions } from '@sketchgrad/core';
import { polynomialSchedule } from './polynomial.js';
import type { Schedule, WarmupOptions } from './schedule.js';

/**
 * Falls from 1 to 0 in a straight line after the warm-up. The same numbers as the transformers
 * library's `get_linear_schedule_with_warmup`.
 */
export function linearSchedule(options: WarmupOptions = {}): Schedule {
  checkOptions('linearSchedule', options, { warmup: true });
  const { warmup = 0 } = options;
  return {
    name: `linear(warmup=${warmup})`,
    factor: polynomialSchedule({ warmup }).factor,
  };
}
