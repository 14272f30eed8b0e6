import { normalDensity, normalDistribution } from '../../random/normal.js';
import { elementWise, elementWisePair } from '../element-wise.js';

export const gelu = elementWise('gelu', (x) => x * normalDistribution(x));

export const geluGradient = elementWisePair(
  'geluGradient',
  (x, dy) => dy * (normalDistribution(x) + x * normalDensity(x)),
);
