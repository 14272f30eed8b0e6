import { elementWise } from '../element-wise.js';

export const relu = elementWise('relu', (x) => Math.max(x, 0));
