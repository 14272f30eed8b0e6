import { elementWisePair } from '../element-wise.js';

export const subtract = elementWisePair('subtract', (a, b) => a - b);
