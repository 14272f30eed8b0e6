import { elementWisePair } from '../element-wise.js';

export const multiply = elementWisePair('multiply', (a, b) => a * b);
