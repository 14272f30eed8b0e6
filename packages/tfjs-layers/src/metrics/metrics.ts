// Metrics as TensorFlow.js has them, on the host.
import { LEAST_PROBABILITY } from '../losses/index.js';
import { type Judged, largestOf, type Metric, meanOf } from './metric.js';

const rowsOf = ({ predicted, columns }: Judged): number => predicted.length / columns;

const clipped = (probability: number): number =>
  Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, probability));

/** Whether a prediction above a half is 1. */
const binaryAccuracy: Metric['of'] = ({ predicted, targets }) =>
  meanOf(predicted.length, (at) => ((predicted[at]! > 0.5 ? 1 : 0) === targets[at] ? 1 : 0));

/** Whether the largest is the class that is wanted. */
const accuracyBy =
  (wanted: (judged: Judged, row: number) => number): Metric['of'] =>
  (judged) =>
    meanOf(rowsOf(judged), (row) =>
      largestOf(judged.predicted, row, judged.columns) === wanted(judged, row) ? 1 : 0,
    );

const sparseCategoricalAccuracy = accuracyBy(({ targets }, row) => targets[row]!);
const categoricalAccuracy = accuracyBy(({ targets, columns }, row) =>
  largestOf(targets, row, columns),
);

/** Of those that are said to be 1, exactly, the share that is. */
const precision: Metric['of'] = ({ predicted, targets }) => {
  let [said, right] = [0, 0];
  for (const [at, value] of predicted.entries()) {
    if (value !== 1) continue;
    if (targets[at] === 1 || targets[at] === 0) said++;
    if (targets[at] === 1) right++;
  }
  return said === 0 ? 0 : right / said;
};

const difference =
  (of: (difference: number) => number): Metric['of'] =>
  ({ predicted, targets }) =>
    meanOf(predicted.length, (at) => of(targets[at]! - predicted[at]!));

const binaryCrossentropy: Metric['of'] = ({ predicted, targets }) =>
  meanOf(predicted.length, (at) => {
    const [probability, target] = [clipped(predicted[at]!), targets[at]!];
    return -(target * Math.log(probability) + (1 - target) * Math.log(1 - probability));
  });

/** −Σ share · ln p of a row, whose numbers are made to sum to 1. */
const crossentropyBy =
  (shareOf: (judged: Judged, row: number, column: number) => number): Metric['of'] =>
  (judged) => {
    const { predicted, columns } = judged;
    return meanOf(rowsOf(judged), (row) => {
      let total = 0;
      for (let at = 0; at < columns; at++) total += predicted[row * columns + at]!;
      let sum = 0;
      for (let at = 0; at < columns; at++)
        sum -= shareOf(judged, row, at) * Math.log(clipped(predicted[row * columns + at]! / total));
      return sum;
    });
  };

const categoricalCrossentropy = crossentropyBy(
  ({ targets, columns }, row, column) => targets[row * columns + column]!,
);
const sparseCategoricalCrossentropy = crossentropyBy(({ targets }, row, column) =>
  targets[row] === column ? 1 : 0,
);

const squared = difference((value) => value * value);
const absolute = difference(Math.abs);

type Kind = Omit<Metric, 'name'>;
const score = (targets: Metric['targets'], of: Metric['of']): Kind => ({
  isScore: true,
  targets,
  of,
});
const cost = (targets: Metric['targets'], of: Metric['of']): Kind => ({
  isScore: false,
  targets,
  of,
});

/** By TensorFlow.js' names, which its logs have too. */
export const METRICS: Readonly<Record<string, Kind>> = {
  binaryAccuracy: score('both', binaryAccuracy),
  categoricalAccuracy: score('values', categoricalAccuracy),
  precision: score('both', precision),
  categoricalCrossentropy: cost('values', categoricalCrossentropy),
  sparseCategoricalCrossentropy: cost('classes', sparseCategoricalCrossentropy),
  ...{ mse: cost('values', squared), MSE: cost('values', squared) },
  ...{ mae: cost('values', absolute), MAE: cost('values', absolute) },
};

/** What `accuracy` and `crossentropy` are of an output, as its loss and its width have it. */
export const BY_OUTPUT = {
  binary: {
    acc: score('both', binaryAccuracy),
    ce: cost('both', binaryCrossentropy),
  },
  sparse: {
    acc: score('classes', sparseCategoricalAccuracy),
    ce: cost('classes', sparseCategoricalCrossentropy),
  },
  categorical: {
    acc: score('values', categoricalAccuracy),
    ce: cost('values', categoricalCrossentropy),
  },
} as const;
