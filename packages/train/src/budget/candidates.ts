import { count, dense, type GradientEstimator, rmm, rows, wtaCrs } from '@sketchgrad/core';

/** An estimator that a layer may be given, under the name that a choice tells it by. */
export interface Candidate {
  /** For example `rmm:count:0.1`. */
  readonly name: string;
  readonly estimator: GradientEstimator;
}

const RATES = [0.5, 0.2, 0.1, 0.05];

/** What a budget chooses among unless told: the exact gradient, and the best of each kind. */
export const defaultCandidates = (): Candidate[] => [
  { name: 'dense', estimator: dense() },
  ...RATES.flatMap((rate) => [
    { name: `rmm:count:${rate}`, estimator: rmm({ sketch: count(), rate }) },
    { name: `rows:norm:${rate}`, estimator: rows({ by: 'norm', rate }) },
    { name: `rows:optimal:${rate}`, estimator: rows({ by: 'optimal', rate }) },
    { name: `wta-crs:${rate}`, estimator: wtaCrs({ rate }) },
  ]),
];
