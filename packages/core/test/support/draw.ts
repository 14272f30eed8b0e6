import { threefry2x32 } from '../../src/index.js';

/** `count` numbers between low and high that depend on the seed alone. */
export function draw(count: number, seed: number, low = -2, high = 2): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, i) => low + ((high - low) * threefry2x32(seed, 77, 0, i)[0]) / 2 ** 32,
  );
}

export const count = (shape: readonly number[]): number => shape.reduce((n, size) => n * size, 1);
