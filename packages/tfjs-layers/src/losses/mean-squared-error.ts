import { elements, scale, squaredNorm, subtract } from '@sketchgrad/core';
import type { Loss } from './loss.js';

export const meanSquaredError: Loss = {
  name: 'meanSquaredError',
  targets: 'values',
  of: ({ value }, targets) => scale(squaredNorm(subtract(value, targets)), 1 / elements(value)),
};
