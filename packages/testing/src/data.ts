import { type DType, elements, type Shape, type TensorData, threefry2x32 } from '@sketchgrad/core';

/** How an input of a test is drawn: its type, and its numbers from a seed. */
export interface Drawn {
  readonly shape: Shape;
  readonly dtype: DType;
  draw(seed: number): TensorData;
}

/** Numbers in [0, 1) that depend on the seed and the position alone. */
const uniforms = (seed: number) => (position: number) =>
  threefry2x32(seed, 0, 0, position)[0] / 2 ** 32;

const floats = (shape: Shape, value: (uniform: number, position: number) => number): Drawn => ({
  shape,
  dtype: 'f32',
  draw: (seed) => {
    const uniform = uniforms(seed);
    return Float32Array.from({ length: elements({ shape, dtype: 'f32' }) }, (_, i) =>
      value(uniform(i), i),
    );
  },
});

/** f32 between low and high; −2 and 2 unless told. */
export const between = (shape: Shape, low = -2, high = 2): Drawn =>
  floats(shape, (uniform) => low + (high - low) * uniform);

/** f32 among −2, −1, 0, 1 and 2 times a unit: of whole units, sums of products of them are exact. */
export const multiplesOf = (unit: number, shape: Shape): Drawn =>
  floats(shape, (uniform) => unit * (Math.floor(5 * uniform) - 2));

/** The same numbers whatever the seed. */
export const exactly = (shape: Shape, values: readonly number[]): Drawn =>
  floats(shape, (_, i) => values[i]!);

/** The unit matrix of n rows. */
export const identity = (n: number): Drawn => floats([n, n], (_, i) => (i % (n + 1) === 0 ? 1 : 0));

/** i32 in [0, limit). */
export const indices = (shape: Shape, limit: number): Drawn => ({
  shape,
  dtype: 'i32',
  draw: (seed) => {
    const uniform = uniforms(seed);
    return Int32Array.from({ length: elements({ shape, dtype: 'i32' }) }, (_, i) =>
      Math.floor(uniform(i) * limit),
    );
  },
});

/** These integers. */
const integers = (shape: Shape, values: readonly number[]): Drawn => ({
  shape,
  dtype: 'i32',
  draw: () => Int32Array.from(values),
});

/** A random key: seed and step. */
export const keyOf = (seed: number, step: number): Drawn => integers([2], [seed, step]);

/** The numbers 0 … n − 1 from the middle on: a permutation that moves every row. */
export const cycle = (n: number): Drawn =>
  integers(
    [n],
    Array.from({ length: n }, (_, i) => (i + (n >> 1)) % n),
  );

/** Where sequences of these lengths begin that lie one behind the other, i32 [lengths.length + 1]. */
export function startsOf(lengths: readonly number[]): Drawn {
  const starts = [0];
  for (const length of lengths) starts.push(starts.at(-1)! + length);
  return integers([starts.length], starts);
}

/** As {@link startsOf}, of two sequences that leave so many of the rows behind them. */
export const startsBefore = (rows: number, behind: number): Drawn => {
  const used = Math.max(0, rows - behind);
  return startsOf([used >> 1, used - (used >> 1)]);
};

/**
 * An attention mask of packed sequences and `spare` rows behind them, i32 [rows]: 0 for the last one of
 * every `masked` keys of a sequence, 1 for all others.
 */
export const maskOf = (
  lengths: readonly number[],
  { spare = 0, masked = Number.POSITIVE_INFINITY }: { spare?: number; masked?: number } = {},
): Drawn => {
  const keys = [...lengths, spare].flatMap((length) =>
    Array.from({ length }, (_, j) => ((j + 1) % masked === 0 ? 0 : 1)),
  );
  return integers([keys.length], keys);
};

/** A 32-bit number for a text, so that each named case draws numbers of its own (FNV-1a). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
