import { normalDensity, normalDistribution } from '../../random/normal.js';
import { elementWisePair } from '../element-wise.js';

export const geluGradient = elementWisePair(
  'geluGradient',
  (x, dy) => dy * (normalDistribution(x) + x * normalDensity(x)),
);
