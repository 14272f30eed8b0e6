import { writeWords } from '../random/write-words.js';

/** Random bits that decide how an element is rounded; probabilities are multiples of 2⁻¹⁶. */
const RANDOM_BITS = 16;

/** A step, in the units in which positions are whole numbers. */
export const ONE = 2 ** RANDOM_BITS;

/**
 * A step that is not 0 is at least this, so that its inverse is finite: values that differ by less
 * than 10⁻³⁰ are still rounded without bias.
 */
const LEAST_STEP = 2 ** -100;

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** The bfloat16 number next to x on the side of −∞, or x itself. */
function roundDown(x: number): number {
  float[0] = x;
  if (x < 0) word[0]! += 0xffff;
  word[0]! &= 0xffff0000;
  return float[0]!;
}

/** The bfloat16 number next to x ≥ 0 on the side of ∞, or x itself. */
function roundUp(x: number): number {
  float[0] = x;
  word[0] = (word[0]! + 0xffff) & 0xffff0000;
  return float[0]!;
}

/** A group's smallest value and the distance between neighbouring codes; both are bfloat16 numbers. */
export interface Range {
  readonly minimum: number;
  readonly step: number;
}

/**
 * The range of a group's values for codes 0 … levels: min rounded down, (max − min)/levels rounded
 * up, so that every value lies within it. A step beyond either end is a number too, since what is read
 * of a code may lie most of a step outside. In 32-bit arithmetic.
 *
 * @returns undefined when a value is not finite or the range does not fit bfloat16
 */
export function rangeOf(values: Float32Array, levels: number): Range | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) return undefined;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const minimum = low === 0 ? 0 : roundDown(low);
  const exact = roundUp(Math.fround(Math.fround(high - minimum) / levels));
  const step = exact > 0 ? Math.max(exact, LEAST_STEP) : 0;
  const below = Math.fround(minimum - step);
  const above = Math.fround(minimum + Math.fround(step * (levels + 1)));
  return Number.isFinite(below) && Number.isFinite(above) ? { minimum, step } : undefined;
}

/** A group's range, and whether its codes are read with their dither subtracted. */
export interface CodedRange extends Range {
  readonly dithered: boolean;
}

/**
 * A range as a word: the minimum in the lower half, the step in the upper, and where a step has its
 * sign, whether codes are dithered.
 */
export function packRange({ minimum, step, dithered }: CodedRange): number {
  float[0] = minimum;
  const low = word[0]! >>> 16;
  float[0] = dithered ? -step : step;
  return (word[0]! & 0xffff0000) | low;
}

export function unpackRange(packed: number): CodedRange {
  word[0] = packed << 16;
  const minimum = float[0]!;
  word[0] = packed & 0x7fff0000;
  return { minimum, step: float[0]!, dithered: packed < 0 };
}

/**
 * Where between the codes a value lies, in units of 2⁻¹⁶ of a step: a whole number from 0 to
 * levels · 2¹⁶. In 32-bit arithmetic, rounded to even.
 */
export function position(value: number, { minimum, step }: Range, levels: number): number {
  if (step === 0) return 0;
  const inverse = Math.fround(ONE / step);
  const exact = Math.fround(Math.fround(value - minimum) * inverse);
  const floor = Math.floor(exact);
  const rest = exact - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 === 1);
  return Math.min(up ? floor + 1 : floor, levels * ONE);
}

/** Features whose random bits come from one Threefry word. */
const SHARERS = 16;

/**
 * Multipliers of a word that 16 features share: powers of 0x235d898d modulo 2³². As it is odd, the
 * top 16 bits of each product are uniform; two of the 16 products are the coordinates of a lattice
 * whose shortest vector is at least 0.66 of the longest possible, so that their top halves are
 * uncorrelated to within 10⁻⁸. Features of different rows never share a word.
 */
export const MULTIPLIERS: Int32Array = (() => {
  const powers = new Int32Array(SHARERS).fill(1);
  for (let k = 1; k < SHARERS; k++) powers[k] = Math.imul(powers[k - 1]!, 0x235d898d);
  return powers;
})();

/**
 * The 16 random bits of each feature of a row. Row i takes 2⌈features/64⌉ Threefry blocks from
 * i · 2⌈features/64⌉ on. Feature f takes word f mod 4 of the four words of its 64 features' two
 * blocks, times multiplier ⌊f/4⌋ mod 16, of which the top half is taken.
 *
 * @param key (seed, step)
 */
export function roundingBits(
  key: ArrayLike<number>,
  stream: number,
  row: number,
  features: number,
): Int32Array {
  const bits = new Int32Array(features);
  const chunks = Math.ceil(features / 64);
  const words = new Int32Array(4 * chunks);
  writeWords(words, key, stream, row * chunks * 2);
  for (let f = 0; f < features; f++) {
    const word = words[4 * (f >> 6) + (f % 4)]!;
    bits[f] = Math.imul(word, MULTIPLIERS[(f >> 2) % SHARERS]!) >>> RANDOM_BITS;
  }
  return bits;
}

/** The code of a value: its position with random bits added, rounded down to a whole step. */
export const codeAt = (at: number, bits: number): number => Math.floor((at + bits) / ONE);
