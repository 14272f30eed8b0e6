import { elementWise, elementWisePair } from '../element-wise.js';
import type { ReferenceKernel } from '../kernel.js';

export const add = elementWisePair('add', (a, b) => a + b);

export const subtract = elementWisePair('subtract', (a, b) => a - b);

export const multiply = elementWisePair('multiply', (a, b) => a * b);

export const divide = elementWisePair('divide', (a, b) => a / b);

export const scale: ReferenceKernel<{ readonly factor: number }> = {
  op: 'scale',
  run({ inputs: [x], outputs: [y], attributes: { factor } }) {
    for (let i = 0; i < y!.data.length; i++) y!.data[i] = x!.data[i]! * factor;
  },
};

export const exponential = elementWise('exponential', Math.exp);

export const logarithm = elementWise('logarithm', Math.log);

export const squareRoot = elementWise('squareRoot', Math.sqrt);

export const tanh = elementWise('tanh', Math.tanh);
