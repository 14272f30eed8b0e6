import { elementWise } from '../element-wise.js';

export const exponential = elementWise('exponential', Math.exp);
