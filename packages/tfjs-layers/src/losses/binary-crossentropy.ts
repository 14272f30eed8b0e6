import {
  add,
  binaryCrossEntropy,
  constant,
  logarithm,
  multiply,
  scale,
  subtract,
} from '@sketchgrad/core';
import { clipped } from '../activations/index.js';
import { LEAST_PROBABILITY, type Loss } from './loss.js';
import { mean } from './mean.js';

export const binaryCrossentropy: Loss = {
  name: 'binaryCrossentropy',
  targets: 'values',
  of: ({ value, scores }, targets) => {
    if (scores?.by === 'sigmoid') return binaryCrossEntropy(scores.value, targets);
    const one = constant(Float32Array.of(1), []);
    const yes = clipped(value, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY);
    const told = multiply(targets, logarithm(yes));
    const untold = multiply(subtract(one, targets), logarithm(subtract(one, yes)));
    return scale(mean(add(told, untold)), -1);
  },
};
