import type { Sketch } from './sketch.js';
import { type TransformOptions, transformed } from './transformed.js';

/** Rows of the real Fourier transform of x under random signs, rows in random places. */
export const dft = (options: TransformOptions = {}): Sketch => transformed('dft', options);
