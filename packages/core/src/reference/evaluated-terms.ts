import { KEY_INPUT } from '../contracts/step-inputs.js';
import { BackendError, UsageError } from '../errors.js';
import { input } from '../graph/leaves.js';
import { newKey } from '../random/key.js';
import { checkedTerms } from '../variance/checked-moments.js';
import type { HasVariance, Moments, VarianceTerms } from '../variance/moments.js';
import { evaluator } from './evaluate.js';

/** Draws that an expectation without a closed form is averaged over at first, and at most. */
const DRAWS = { first: 16, most: 4096 };

/** Their key, (seed, step): fixed, so that a variance is the same each time. */
const KEY = Int32Array.of(-1, 0);

/** The standard error of a variance that draws are averaged up to, as a share of it. */
const WANTED_ERROR = 0.02;

/** X and Y, and their sums. */
interface Matrices {
  /** [rows, inputs] */
  readonly x: ArrayLike<number>;
  /** [rows, outputs] */
  readonly y: ArrayLike<number>;
  readonly moments: Omit<Moments, 'terms'>;
}

/**
 * An estimator's terms for X and Y, by the reference executor in f64: of so many draws, where its
 * variance is an average over them, that the average's standard error is at most 2 % of it.
 *
 * @param priorities [rows]; all rows alike unless given
 * @param warn is told where the most draws leave the error above that
 * @throws UsageError where one is not finite, or what is rounded is not in the range of bfloat16
 */
export function evaluatedTerms(
  estimator: HasVariance,
  matrices: Matrices,
  warn: (message: string) => void,
  priorities?: ArrayLike<number>,
): VarianceTerms {
  for (let draws = DRAWS.first; ; draws *= 2) {
    const found = termsOfDraws(estimator, matrices, draws, priorities);
    if (!estimator.varianceError) return found;
    const moments = { ...matrices.moments, terms: () => found };
    const [variance, error] = [estimator.variance(moments), estimator.varianceError(moments)];
    if (error <= WANTED_ERROR * variance) return found;
    if (draws < DRAWS.most) continue;
    warn(
      `the variance of '${estimator.name}', ${variance.toPrecision(3)}, is an average over ${draws} draws with a ` +
        `standard error of ${((100 * error) / variance).toPrecision(2)} %, more than 2 %`,
    );
    return found;
  }
}

function termsOfDraws(
  estimator: HasVariance,
  { x, y, moments: { rows } }: Matrices,
  draws: number,
  priorities: ArrayLike<number> = new Float64Array(rows).fill(1),
): VarianceTerms {
  const matrix = (name: string, { length }: ArrayLike<number>) =>
    input(name, [rows, length / rows]);
  const evaluate = evaluator(() => {
    const key = input(KEY_INPUT, [2], 'i32');
    return (
      estimator.varianceTerms?.(matrix('x', x), matrix('y', y), {
        keys: Array.from({ length: draws }, () => newKey(key)),
        priorities: input('priorities', [rows]),
      }) ?? {}
    );
  });
  const [ofX, ofY, given] = [x, y, priorities].map((numbers) => Float64Array.from(numbers));
  try {
    return checkedTerms(evaluate({ [KEY_INPUT]: KEY, x: ofX!, y: ofY!, priorities: given! }));
  } catch (error) {
    // Whoever asked gave the numbers: no backend has failed.
    throw error instanceof BackendError ? new UsageError(error.message) : error;
  }
}
