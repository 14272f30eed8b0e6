import { checkClasses, type Metric } from './pairs.js';

/**
 * The harmonic mean of precision and recall of class 1 among the classes 0 and 1, from 0 to 1.
 * Where class 1 is neither predicted nor labelled it is 0, as in scikit-learn.
 */
export const f1: Metric = (predictions, labels) => {
  checkClasses('f1', predictions, labels, 2);
  let both = 0;
  let either = 0;
  for (let i = 0; i < labels.length; i++) {
    const predicted = predictions[i]!;
    const label = labels[i]!;
    both += predicted * label;
    either += predicted + label;
  }
  return either === 0 ? 0 : (2 * both) / either;
};
