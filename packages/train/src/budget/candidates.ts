import {
  count,
  dense,
  type GradientEstimator,
  hadamard,
  quantized,
  rmm,
  rows,
  wtaCrs,
} from '@sketchgrad/core';
import { mixedBits } from './mixed-bits.js';

/** An estimator that a layer may be given, under the name that a choice tells it by. */
export interface Candidate {
  /** For example `rmm:count:0.1`. */
  readonly name: string;
  readonly estimator: GradientEstimator;
}

const RATES = [0.5, 0.2, 0.1, 0.05];
const BITS = [1, 2, 3, 4, 8] as const;
const AVERAGES = [1.5, 2, 2.5, 3, 4];

/**
 * What a budget chooses among unless told: the exact gradient, and the best of each kind. Left out
 * are those whose variance takes long to compute, EXACT and rounded sketches: they keep fewer bytes
 * than any of these, with more noise than most can bear. Pass them where that is wanted.
 */
export const defaultCandidates = (): Candidate[] => [
  { name: 'dense', estimator: dense() },
  ...BITS.map((bits) => ({ name: `quantized:${bits}`, estimator: quantized({ bits }) })),
  ...AVERAGES.map((average) => ({
    name: `quantized:mixed:${average}`,
    estimator: quantized({ bits: mixedBits(average) }),
  })),
  ...RATES.flatMap((rate) => [
    { name: `rmm:count:${rate}`, estimator: rmm({ sketch: count(), rate }) },
    // Without replacement it adds nearly nothing where nearly all rows are kept.
    { name: `rmm:hadamard:${rate}`, estimator: rmm({ sketch: hadamard(), rate }) },
    { name: `rows:norm:${rate}`, estimator: rows({ by: 'norm', rate }) },
    { name: `rows:optimal:${rate}`, estimator: rows({ by: 'optimal', rate }) },
    { name: `wta-crs:${rate}`, estimator: wtaCrs({ rate }) },
  ]),
];
