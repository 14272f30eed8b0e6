import { elementWise } from '../element-wise.js';

export const tanh = elementWise('tanh', Math.tanh);
