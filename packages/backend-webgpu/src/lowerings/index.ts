import type { Lowering } from '../lowering.js';
import { affine, affineGradient } from './affine.js';
import { attention, attentionGradient } from './attention.js';
import { attentionPooling, attentionPoolingGradient } from './attention-pooling.js';
import { batchNormalize, batchNormalizeGradient } from './batch-normalize.js';
import { binaryCrossEntropy, binaryCrossEntropyGradient } from './binary-cross-entropy.js';
import { dequantize, quantizedMatmul } from './coded.js';
import {
  convolution,
  convolutionInputGradient,
  convolutionWeightGradient,
  placesAtPixels,
} from './convolution.js';
import { countSketch } from './count-sketch.js';
import { crossEntropy, crossEntropyGradient } from './cross-entropy.js';
import { sampleRows, uniformRows, winnerRows } from './drawn-rows.js';
import { dropout } from './dropout.js';
import {
  accumulate,
  add,
  clear,
  divide,
  exponential,
  gelu,
  geluGradient,
  logarithm,
  multiply,
  scale,
  squareRoot,
  subtract,
  tanh,
} from './element-wise.js';
import { exampleGradientNorms } from './example-gradient-norms.js';
import { fewBitGelu, fewBitGeluGradient } from './few-bit-gelu.js';
import { gather, scatterAdd } from './indexed.js';
import { linear, matmul } from './matmul.js';
import { broadcastTo, concatenate, permuteAxes, reshape, slice, transpose } from './moves.js';
import { normalize, normalizeGradient } from './normalize.js';
import { permutation } from './permutation.js';
import {
  averagePooling,
  averagePoolingGradient,
  maxPooling,
  maxPoolingGradient,
} from './pooling.js';
import { quantize, roundingVariance } from './quantize.js';
import { rankRows } from './rank-rows.js';
import { relu, reluGradient } from './relu.js';
import { rotateFeatures } from './rotate.js';
import { projectFeatures, sketch } from './sketch.js';
import { softmax } from './softmax.js';
import { sparseMatmul } from './sparse-matmul.js';
import { rowSquaredNorms, squaredNorm, sum } from './sums.js';
import { transformSketch } from './transform-sketch.js';
import { adamw, clipFactor, moveAverage } from './updates.js';
import { zeroRowsBehind } from './zero-rows-behind.js';

const LOWERINGS: readonly Lowering[] = [
  accumulate,
  adamw,
  add,
  affine,
  affineGradient,
  attention,
  attentionGradient,
  attentionPooling,
  attentionPoolingGradient,
  averagePooling,
  averagePoolingGradient,
  batchNormalize,
  batchNormalizeGradient,
  binaryCrossEntropy,
  binaryCrossEntropyGradient,
  broadcastTo,
  clear,
  clipFactor,
  concatenate,
  convolution,
  convolutionInputGradient,
  convolutionWeightGradient,
  countSketch,
  crossEntropy,
  crossEntropyGradient,
  dequantize,
  divide,
  dropout,
  exampleGradientNorms,
  exponential,
  fewBitGelu,
  fewBitGeluGradient,
  gather,
  gelu,
  geluGradient,
  linear,
  logarithm,
  matmul,
  maxPooling,
  maxPoolingGradient,
  moveAverage,
  multiply,
  normalize,
  normalizeGradient,
  permutation,
  permuteAxes,
  placesAtPixels,
  projectFeatures,
  quantize,
  quantizedMatmul,
  rankRows,
  relu,
  reluGradient,
  reshape,
  rotateFeatures,
  roundingVariance,
  rowSquaredNorms,
  sampleRows,
  scale,
  scatterAdd,
  sketch,
  slice,
  softmax,
  sparseMatmul,
  squareRoot,
  squaredNorm,
  subtract,
  sum,
  tanh,
  transformSketch,
  transpose,
  uniformRows,
  winnerRows,
  zeroRowsBehind,
];

/** How each op is run, by its name. */
export const lowerings: ReadonlyMap<string, Lowering> = new Map(
  LOWERINGS.map((lowering) => [lowering.op, lowering]),
);
