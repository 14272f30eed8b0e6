import { elementWise } from '../element-wise.js';

export const squareRoot = elementWise('squareRoot', Math.sqrt);
