import type { Sketch } from './sketch.js';
import { type TransformOptions, transformed } from './transformed.js';

/** Rows of the Walsh–Hadamard transform of x under random signs. */
export const hadamard = (options: TransformOptions = {}): Sketch =>
  transformed('hadamard', options);
