import {
  type CodeBits,
  checkEstimator,
  checkOptions,
  checkText,
  count,
  dense,
  describeValue,
  exact,
  type GradientEstimator,
  hadamard,
  quantized,
  rmm,
  rmmQuantized,
  rows,
  UsageError,
  wtaCrs,
} from '@sketchgrad/core';
import { mixedBits } from './mixed-bits.js';

/** An estimator that a layer may be given, under the name that a choice tells it by. */
export interface Candidate {
  /** For example `rmm:count:0.1`. */
  readonly name: string;
  readonly estimator: GradientEstimator;
}

/** @throws UsageError for what is no list of named estimators */
export function checkCandidates(candidates: readonly Candidate[]): void {
  if (!Array.isArray(candidates))
    throw new UsageError(
      `candidates must be an array of { name, estimator }, but it is ${describeValue(candidates)}`,
    );
  candidates.forEach((candidate, place) => {
    const name = `candidate ${place}`;
    checkOptions(name, candidate, { name: true, estimator: true });
    checkText(`the name of ${name}`, candidate.name);
    checkEstimator(`the estimator of ${name}`, candidate.estimator);
  });
  // A choice tells them by their names alone.
  const names = candidates.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined)
    throw new UsageError(`each candidate must have a name of its own, but '${twice}' comes twice`);
}

const RATES = [0.5, 0.2, 0.1, 0.05];
const BITS: readonly CodeBits[] = [1, 2, 3, 4, 8];
const AVERAGES = [1.5, 2, 2.5, 3, 4];

/** Rates and bits of rounded sketches: about half a bit a value and less, fewer than rounding alone has. */
const ROUNDED = [
  [0.2, 2],
  [0.1, 4],
  [0.1, 2],
  [0.05, 4],
] as const;

/**
 * What a budget chooses among unless told: every estimator, with the sketches that vary
 * least at the same bytes, count-sketch and Hadamard. EXACT and rounded sketches keep fewest bytes of
 * all, for budgets that nothing else meets.
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
    {
      name: `rmm:count:${rate}:centred`,
      estimator: rmm({ sketch: count(), rate, centred: true }),
    },
    // Without replacement it adds nearly nothing where nearly all rows are kept.
    { name: `rmm:hadamard:${rate}`, estimator: rmm({ sketch: hadamard(), rate }) },
    { name: `rows:uniform:${rate}`, estimator: rows({ by: 'uniform', rate }) },
    { name: `rows:norm:${rate}`, estimator: rows({ by: 'norm', rate }) },
    { name: `rows:optimal:${rate}`, estimator: rows({ by: 'optimal', rate }) },
    { name: `wta-crs:${rate}`, estimator: wtaCrs({ rate }) },
  ]),
  ...ROUNDED.map(([rate, bits]) => ({
    name: `rmm-quantized:count:${rate}:${bits}`,
    estimator: rmmQuantized({ sketch: count(), rate, bits }),
  })),
  ...BITS.map((bits) => ({ name: `exact:${bits}`, estimator: exact({ bits }) })),
];
