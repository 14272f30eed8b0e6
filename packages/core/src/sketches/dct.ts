import type { Sketch } from './sketch.js';
import { type TransformOptions, transformed } from './transformed.js';

/** Rows of the discrete cosine transform of x under random signs, rows in random places. */
export const dct = (options: TransformOptions = {}): Sketch => transformed('dct', options);
