import { streamBlock } from './random-block.js';

/**
 * Draw `at` of a stream as a number in [0, 1): the 53 leading bits of Threefry block `at`, exact in
 * f64. So many bits because rows are drawn by it: a row's probability is then off by 2⁻⁵³.
 *
 * @param key (seed, step), i32 [2]
 */
export function uniform53(key: ArrayLike<number>, stream: number, at: number): number {
  const [high, low] = streamBlock(key[0]!, key[1]!, stream, at);
  return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53;
}

/** Sums of the first 1, 2, … weights, added in their order in f64. */
export function prefixSums(weights: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (let row = 0; row < sums.length; row++) {
    total += weights[row]!;
    sums[row] = total;
  }
  return sums;
}

/** Rows by falling weight, and which of them are winners. */
interface Winners {
  /** Rows by falling weight, of equal ones the lower first. */
  readonly order: Int32Array;
  /** `rest[j]`: the sum of the weights from the j-th on in that order, in f64; one more than rows. */
  readonly rest: Float64Array;
  /** |C|, how many of the first in that order are taken as they are. */
  readonly winners: number;
}

/**
 * Chooses which of `count` places go to the rows of largest weight: as many as make
 * (1 − Σ_C q)/(count − |C|) least, the fewest of those that do (arXiv 2305.15265, section 3.2).
 * Where there is a place for each row, all win.
 *
 * @param weights [rows], finite and ≥ 0; rows ≥ count
 */
export function chooseWinners(weights: ArrayLike<number>, count: number): Winners {
  const order = Int32Array.from({ length: weights.length }, (_, row) => row);
  order.sort((a, b) => weights[b]! - weights[a]! || a - b);
  const rest = new Float64Array(order.length + 1);
  for (let j = order.length - 1; j >= 0; j--) rest[j] = rest[j + 1]! + weights[order[j]!]!;
  if (count === order.length) return { order, rest, winners: count };
  let winners = 0;
  for (let j = 1; j < count; j++)
    if (rest[j]! / (count - j) < rest[winners]! / (count - winners)) winners = j;
  return { order, rest, winners };
}
