import type { Numbers } from '../kernel.js';

/** Where a head's query lies. */
interface QueryAt {
  readonly x: Numbers;
  readonly query: number;
}

/** Where the keys of a head and sequence lie: the first, and how far the next one is. */
interface KeysAt {
  readonly x: Numbers;
  readonly keys: number;
  readonly width: number;
}

/**
 * A query's products with the keys of its sequence, by the root of their size; −∞ for keys that are
 * not open.
 */
export function attentionScores(
  from: QueryAt,
  to: KeysAt,
  { open, size }: { readonly open: Numbers; readonly size: number },
): Float64Array {
  return Float64Array.from(open, (isOpen: number, j: number) => {
    if (isOpen === 0) return Number.NEGATIVE_INFINITY;
    let score = 0;
    for (let c = 0; c < size; c++)
      score += from.x[from.query + c]! * to.x[to.keys + j * to.width + c]!;
    return score / Math.sqrt(size);
  });
}

const largestOf = (scores: Float64Array): number =>
  scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/** ln Σ e^score; 0 where all are −∞. */
export function logSumExpOf(scores: Float64Array): number {
  const largest = largestOf(scores);
  if (largest === Number.NEGATIVE_INFINITY) return 0;
  return largest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - largest), 0));
}

/**
 * Softmax of scores of which those of masked keys are −∞; zeros where all are. Not e to the score
 * less the log-sum-exp: of large scores that difference is off by what the log-sum-exp was rounded by.
 */
export function softmaxOf(scores: Float64Array): Float64Array {
  const largest = largestOf(scores);
  if (largest === Number.NEGATIVE_INFINITY) return new Float64Array(scores.length);
  const powers = scores.map((score) => Math.exp(score - largest));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}
