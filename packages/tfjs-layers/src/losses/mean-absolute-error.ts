import { subtract } from '@sketchgrad/core';
import { absolute } from '../activations/index.js';
import type { Loss } from './loss.js';
import { mean } from './mean.js';

export const meanAbsoluteError: Loss = {
  name: 'meanAbsoluteError',
  targets: 'values',
  of: ({ value }, targets) => mean(absolute(subtract(value, targets))),
};
