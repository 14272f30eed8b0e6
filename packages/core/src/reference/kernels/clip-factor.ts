import { ADAMW_SETTINGS } from '../../ops/adamw.js';
import type { ReferenceKernel } from '../kernel.js';

const GRADIENT_SCALE = ADAMW_SETTINGS.indexOf('gradientScale');

export const clipFactor: ReferenceKernel<{ readonly limit: number }> = {
  op: 'clipFactor',
  run({ inputs: [squared, settings], outputs: [factor], attributes: { limit } }) {
    const total = squared!.data[0]!;
    const norm = Math.sqrt(total) * settings!.data[GRADIENT_SCALE]!;
    factor!.data[0] = total < Infinity ? Math.min(1, limit / (norm + 1e-6)) : Number.NaN;
  },
};
