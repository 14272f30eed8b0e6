import type { Tolerance } from './compare.js';

const EXACT: Tolerance = { relative: 0, ofLargest: 0 };
/** One rounding to 32 bits, or two. */
const ROUNDED: Tolerance = { relative: 2.5e-7, ofLargest: 0 };
/** A function approximated in 32 bits. */
const APPROXIMATED: Tolerance = { relative: 2e-6, ofLargest: 5e-7 };
/** Sums in 32 bits of some hundred terms, in any order. */
const SUMMED: Tolerance = { relative: 2e-6, ofLargest: 3e-6 };

/** How far each op may be from the reference in double precision, on the sizes tested here. */
export const TOLERANCES: Readonly<Record<string, Tolerance>> = {
  accumulate: ROUNDED,
  adamw: APPROXIMATED,
  add: ROUNDED,
  affine: { relative: 2.5e-7, ofLargest: 2e-7 },
  affineGradient: SUMMED,
  attention: SUMMED,
  attentionGradient: { relative: 2e-6, ofLargest: 1e-5 },
  batchNormalize: { relative: 5e-6, ofLargest: 2e-6 },
  batchNormalizeGradient: SUMMED,
  binaryCrossEntropy: SUMMED,
  binaryCrossEntropyGradient: APPROXIMATED,
  broadcastTo: EXACT,
  clear: EXACT,
  clipFactor: APPROXIMATED,
  countSketch: SUMMED,
  crossEntropy: SUMMED,
  crossEntropyGradient: { relative: 5e-7, ofLargest: 1e-7 },
  dequantize: EXACT,
  divide: ROUNDED,
  dropout: ROUNDED,
  exponential: APPROXIMATED,
  fewBitGelu: APPROXIMATED,
  fewBitGeluGradient: ROUNDED,
  gather: EXACT,
  gelu: APPROXIMATED,
  geluGradient: APPROXIMATED,
  linear: SUMMED,
  logarithm: APPROXIMATED,
  matmul: SUMMED,
  moveAverage: { relative: 5e-7, ofLargest: 1e-7 },
  multiply: ROUNDED,
  normalize: { relative: 5e-6, ofLargest: 2e-6 },
  normalizeGradient: SUMMED,
  permutation: EXACT,
  quantize: EXACT,
  relu: EXACT,
  reluGradient: EXACT,
  reshape: EXACT,
  rowSquaredNorms: SUMMED,
  sampleRows: ROUNDED,
  scale: ROUNDED,
  scatterAdd: SUMMED,
  sketch: SUMMED,
  softmax: APPROXIMATED,
  sparseMatmul: SUMMED,
  squareRoot: ROUNDED,
  squaredNorm: SUMMED,
  subtract: ROUNDED,
  sum: SUMMED,
  tanh: APPROXIMATED,
  transformSketch: SUMMED,
  transpose: EXACT,
  uniformRows: EXACT,
  winnerRows: ROUNDED,
};
