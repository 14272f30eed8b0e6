import { elementWise } from '../element-wise.js';

export const logarithm = elementWise('logarithm', Math.log);
