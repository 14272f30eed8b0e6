import type { Edges } from '@sketchgrad/testing';
import { THREADS } from '../../src/kernel.js';
import { OWN_ROWS } from '../../src/kernels/permutation/kernel.js';
import { GAUSSIAN_DEPTH, SIGN_DEPTH, TILE } from '../../src/kernels/random-product/kernel.js';
import { PASS_STEPS } from '../../src/kernels/transform/kernel.js';
import { along } from './along.js';

/** Signs of a word, and rows whose signs are of one block. */
const SIGNS = [32, 64];

const draws = [...along('count', [THREADS]), ...along('rows', [THREADS, 2 * THREADS])];

/** Where the kernels turn that draw random numbers. */
export const randomEdges: Edges = {
  sketch: [
    ...along('rows', [GAUSSIAN_DEPTH, 2 * GAUSSIAN_DEPTH, SIGN_DEPTH, ...SIGNS]),
    ...along('kept', [TILE, 2 * TILE]),
    ...along('features', [TILE, 2 * TILE]),
    ...along('blockRows', [GAUSSIAN_DEPTH, SIGN_DEPTH]),
  ],
  countSketch: [
    ...along('rows', SIGNS),
    ...along('kept', [3, 30]),
    ...along('features', [THREADS / 2]),
    ...along('blockRows', [7, SIGNS[0]!]),
  ],
  transformSketch: [
    // A further pass, and one of fewer steps.
    ...along('rows', [2 ** PASS_STEPS, 2 ** (PASS_STEPS + 1), 2 ** (2 * PASS_STEPS), ...SIGNS]),
    ...along('kept', [2, 30]),
    ...along('features', [2, 4]),
    ...along('blockRows', [2 ** PASS_STEPS]),
  ],
  projectFeatures: [
    ...along('rows', [TILE]),
    ...along('features', [TILE, 2 * TILE]),
    ...along('columns', [TILE]),
  ],
  permutation: along('rows', [THREADS, OWN_ROWS]),
  sampleRows: draws,
  uniformRows: draws,
  winnerRows: draws,
};
