import { elementWisePair } from '../element-wise.js';

export const reluGradient = elementWisePair('reluGradient', (x, dy) => (x > 0 ? dy : 0));
