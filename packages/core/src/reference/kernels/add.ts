import { elementWisePair } from '../element-wise.js';

export const add = elementWisePair('add', (a, b) => a + b);
