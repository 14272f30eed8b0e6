import type { Value } from '../../src/index.js';
import { count, draw } from './draw.js';
import { type Argument, f32 } from './gradient-check.js';

/** A function to differentiate at random sizes and numbers. */
export interface GradientCase {
  /** `dimension(i)` is a random size, 1 to 5; `seed` gives random numbers. */
  args(dimension: (i: number) => number, seed: number): Readonly<Record<string, Argument>>;
  build(values: Readonly<Record<string, Value>>): Value;
}

export type Draws = (shape: readonly number[], seed: number) => Argument;

export const anything: Draws = (shape, seed) => f32(shape, draw(count(shape), seed));
