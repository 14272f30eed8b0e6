/** A step function: `values[k]` from `thresholds[k − 1]` on, to below `thresholds[k]`. */
export interface StepFunction {
  /** Rising. */
  readonly thresholds: Float64Array;
  /** One more than thresholds. */
  readonly values: Float64Array;
  /** Σ weight · (values − targets)², over the sum of the weights. */
  readonly error: number;
}

/**
 * The step function of `steps` steps that is closest to targets on a rising grid in the weighted
 * mean square, thresholds midway between grid points. By dynamic programming over how many points
 * the first k steps cover: best[k][end] = min over begin of best[k − 1][begin] + cost(begin, end),
 * where a step's value is the weighted mean of its targets and its cost the weighted squares less
 * those of the mean, from running sums. O(points² · steps). Source: arXiv 2202.00441, section 3.
 *
 * @param grid [points], rising
 * @param targets [points]
 * @param weights [points], above 0
 */
export function fitSteps(
  grid: Float64Array,
  targets: Float64Array,
  weights: Float64Array,
  steps: number,
): StepFunction {
  const points = grid.length;
  const [w, wt, wtt] = [0, 1, 2].map((power) => {
    const sums = new Float64Array(points + 1);
    for (let i = 0; i < points; i++) sums[i + 1] = sums[i]! + weights[i]! * targets[i]! ** power;
    return sums;
  }) as [Float64Array, Float64Array, Float64Array];
  const mean = (begin: number, end: number) => (wt[end]! - wt[begin]!) / (w[end]! - w[begin]!);
  const cost = (begin: number, end: number) => {
    const sum = wt[end]! - wt[begin]!;
    return wtt[end]! - wtt[begin]! - (sum * sum) / (w[end]! - w[begin]!);
  };

  let best = Float64Array.from({ length: points + 1 }, (_, end) => (end ? cost(0, end) : 0));
  /** Where the last of k steps begins when they cover `end` points. */
  const begins: Int32Array[] = [];
  for (let k = 2; k <= steps; k++) {
    const next = new Float64Array(points + 1).fill(Number.POSITIVE_INFINITY);
    const from = new Int32Array(points + 1);
    // Of the last step only the one that covers all points is wanted.
    for (let end = k < steps ? k : points; end <= points; end++)
      for (let begin = k - 1; begin < end; begin++) {
        const total = best[begin]! + cost(begin, end);
        if (total < next[end]!) {
          next[end] = total;
          from[end] = begin;
        }
      }
    best = next;
    begins.push(from);
  }

  const thresholds = new Float64Array(steps - 1);
  const values = new Float64Array(steps);
  let end = points;
  for (let k = steps - 1; k >= 0; k--) {
    const begin = k > 0 ? begins[k - 1]![end]! : 0;
    values[k] = mean(begin, end);
    if (k > 0) thresholds[k - 1] = (grid[begin - 1]! + grid[begin]!) / 2;
    end = begin;
  }
  return { thresholds, values, error: Math.max(0, best[points]!) / w[points]! };
}
