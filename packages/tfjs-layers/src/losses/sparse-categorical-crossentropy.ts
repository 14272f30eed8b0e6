import { crossEntropy, elements, logarithm, reshape } from '@sketchgrad/core';
import { clipped } from '../activations/index.js';
import { LEAST_PROBABILITY, type Loss } from './loss.js';

/** Of targets that are classes. */
export const sparseCategoricalCrossentropy: Loss = {
  name: 'sparseCategoricalCrossentropy',
  targets: 'classes',
  of: ({ value, scores }, targets) => {
    // The softmax of ln p is p over its sum.
    const logits =
      scores?.by === 'softmax'
        ? scores.value
        : logarithm(clipped(value, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY));
    const classes = logits.shape.at(-1)!;
    const rows = elements(logits) / classes;
    return crossEntropy(reshape(logits, [rows, classes]), reshape(targets, [rows]))[0];
  },
};
