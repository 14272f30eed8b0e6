import { ADAMW_SETTINGS } from '../../ops/adamw.js';
import type { ReferenceKernel } from '../kernel.js';

const GRADIENT_SCALE = ADAMW_SETTINGS.indexOf('gradientScale');

export const clipFactor: ReferenceKernel<{ readonly limit: number }> = {
  op: 'clipFactor',
  run({ inputs: [squared, settings], outputs: [factor], attributes: { limit } }) {
    const norm = Math.sqrt(squared!.data[0]!) * settings!.data[GRADIENT_SCALE]!;
    factor!.data[0] = Math.min(1, limit / (norm + 1e-6));
  },
};
