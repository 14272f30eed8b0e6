import { checkClasses, type Metric } from './pairs.js';

/**
 * Matthews' correlation coefficient, from −1 to 1; for more than two classes Gorodkin's R_K.
 * Where all predictions or all labels are one class it is 0, as in scikit-learn.
 *
 * Source: J. Gorodkin, "Comparing two K-category assignments by a K-category correlation
 * coefficient", 2004.
 */
export const matthews: Metric = (predictions, labels) => {
  checkClasses('matthews', predictions, labels);
  const predicted = new Map<number, number>();
  const labelled = new Map<number, number>();
  let correct = 0;
  for (let i = 0; i < labels.length; i++) {
    const prediction = predictions[i]!;
    const label = labels[i]!;
    if (prediction === label) correct++;
    predicted.set(prediction, (predicted.get(prediction) ?? 0) + 1);
    labelled.set(label, (labelled.get(label) ?? 0) + 1);
  }
  // A constant side makes the denominator zero: it tells nothing about the other.
  if (predicted.size === 1 || labelled.size === 1) return 0;
  const count = labels.length;
  let crossed = 0;
  for (const [label, times] of labelled) crossed += times * (predicted.get(label) ?? 0);
  const spread = (times: Map<number, number>) => {
    let squares = 0;
    for (const n of times.values()) squares += n * n;
    return Math.sqrt(count * count - squares);
  };
  return (count * correct - crossed) / (spread(predicted) * spread(labelled));
};
