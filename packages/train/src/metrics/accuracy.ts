import { checkClasses, type Metric } from './pairs.js';

/** The share of predicted classes that equal the label, from 0 to 1. */
export const accuracy: Metric = (predictions, labels) => {
  checkClasses('accuracy', predictions, labels);
  let correct = 0;
  for (let i = 0; i < labels.length; i++) if (predictions[i] === labels[i]) correct++;
  return correct / labels.length;
};
