import { elementWisePair } from '../element-wise.js';

export const divide = elementWisePair('divide', (a, b) => a / b);
