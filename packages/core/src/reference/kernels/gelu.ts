import { normalDistribution } from '../../random/normal.js';
import { elementWise } from '../element-wise.js';

export const gelu = elementWise('gelu', (x) => x * normalDistribution(x));
