import { isList } from '../checks/check-amounts.js';
import { checkShare } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';
import { CODE_BITS, type CodeBits, checkBits, type Segment } from './layout.js';

/**
 * Shares of the rows whose codes have so many bits: the rows of highest priority get the widest.
 * None may have 0: a row that is dropped on a guess would make the estimate biased where the guess
 * is wrong.
 */
export type MixedBits = readonly { readonly bits: CodeBits; readonly share: number }[];

/** How far from 1 shares may add up, which were perhaps printed in decimals. */
const TOLERANCE = 1e-6;

/**
 * The widest first, those of no rows left out.
 * @throws UsageError unless widths differ and the shares, none below 0, add up to 1
 */
export function checkMixedBits(mixed: MixedBits): MixedBits {
  if (!Array.isArray(mixed))
    throw new UsageError(
      `bits must be one of ${CODE_BITS.join(', ')}, or shares of the rows, [{ bits: 8, share: 0.25 }, …], not ${describeValue(mixed)}`,
    );
  for (const part of mixed) checkOptions('a share of rows', part, { bits: true, share: true });
  let total = 0;
  for (const { bits, share } of mixed) {
    checkBits(bits);
    checkShare('a share of rows', share);
    if (mixed.filter((other) => other.bits === bits).length > 1)
      throw new UsageError(`two shares are for ${bits} bits; give each width one`);
    total += share;
  }
  if (!(Math.abs(total - 1) <= TOLERANCE))
    throw new UsageError(`shares of rows must add up to 1, not ${total}`);
  return mixed.filter(({ share }) => share > 0).sort((a, b) => b.bits - a.bits);
}

/** How many of `rows` rows have each width: cumulative shares, rounded, so that all are given one. */
export function segmentsOf(mixed: MixedBits, rows: number): Segment[] {
  let share = 0;
  let before = 0;
  return mixed.map((part, at) => {
    share += part.share;
    const end = at === mixed.length - 1 ? rows : Math.round(share * rows);
    const segment = { bits: part.bits, rows: end - before };
    before = end;
    return segment;
  });
}

/**
 * What rounding to codes of b bits costs beside other widths: its steps are 1/(2^b − 1) of a range,
 * and its variance their square.
 */
const relativeVariance = (bits: CodeBits): number => 1 / (2 ** bits - 1) ** 2;

/**
 * The shares of rows of each width with the least total variance Σ_i w_i / (2^{b_i} − 1)², given how
 * many bits a value has on average. All rows start with the fewest bits; then the wider step that
 * saves most variance for a bit is taken, again and again, while it fits. What a further bit saves
 * falls with every bit, so this is the optimum of the sum for the bits that were spent.
 *
 * @param weights w_i ≥ 0 of each row: ‖y_i‖², times what its rounding varies where that is known
 * @param averageBits at least that of `widths`' narrowest; ranges and ranks not counted
 * @param widths those that may be used; all unless given
 * @throws UsageError for averages that no mixture has, weights that are no numbers ≥ 0, or no rows
 */
export function leastVarianceBits(
  weights: ArrayLike<number>,
  averageBits: number,
  widths: readonly CodeBits[] = CODE_BITS,
): MixedBits {
  for (const [name, list] of Object.entries({ weights, widths }))
    if (!isList(list))
      throw new UsageError(
        `${name} must be an array of numbers, but they are ${describeValue(list)}`,
      );
  for (const bits of widths) checkBits(bits);
  const rising = [...new Set(widths)].sort((a, b) => a - b);
  const [least, most] = [rising[0], rising.at(-1)];
  const rows = weights.length;
  if (rows === 0 || least === undefined || most === undefined)
    throw new UsageError('bits are shared out among at least one row and one width');
  if (!(typeof averageBits === 'number' && averageBits >= least))
    throw new UsageError(
      `an average of ${describeValue(averageBits)} bits is no number, or below ${least}, the fewest there are`,
    );
  const steps: { readonly row: number; readonly at: number; readonly gain: number }[] = [];
  for (let row = 0; row < rows; row++) {
    const weight = weights[row]!;
    if (!(Number.isFinite(weight) && weight >= 0))
      throw new UsageError(
        `weight ${describeValue(weight)} of row ${row} is not a finite number ≥ 0`,
      );
    for (let at = 1; at < rising.length; at++) {
      const [narrow, wide] = [rising[at - 1]!, rising[at]!];
      const saved = relativeVariance(narrow) - relativeVariance(wide);
      steps.push({ row, at, gain: (weight * saved) / (wide - narrow) });
    }
  }
  steps.sort((a, b) => b.gain - a.gain || a.at - b.at || a.row - b.row);
  const widthOf = new Int32Array(rows);
  let left = (averageBits - least) * rows + 1e-9 * rows;
  for (const { row, at } of steps) {
    const cost = rising[at]! - rising[at - 1]!;
    // A narrower step of less worth would spend bits that the next wider one makes more of.
    if (cost > left) break;
    widthOf[row] = at;
    left -= cost;
  }
  return rising
    .map((bits, at) => ({
      bits,
      share: widthOf.reduce((count, width) => count + (width === at ? 1 : 0), 0) / rows,
    }))
    .filter(({ share }) => share > 0)
    .reverse();
}
