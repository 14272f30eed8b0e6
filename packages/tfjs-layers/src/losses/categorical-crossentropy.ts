import { divide, elements, logarithm, multiply, scale, sum } from '@sketchgrad/core';
import { clipped } from '../activations/index.js';
import { LEAST_PROBABILITY, type Loss } from './loss.js';

/** Of targets that are shares of classes. */
export const categoricalCrossentropy: Loss = {
  name: 'categoricalCrossentropy',
  targets: 'values',
  of: ({ value, scores }, targets) => {
    const isSoftmax = scores?.by === 'softmax';
    const shares = isSoftmax
      ? value
      : divide(value, sum(value, { axis: -1, keepDimensions: true }));
    const logarithms = logarithm(clipped(shares, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY));
    const rows = elements(value) / value.shape.at(-1)!;
    return scale(sum(multiply(targets, logarithms)), -1 / rows);
  },
};
