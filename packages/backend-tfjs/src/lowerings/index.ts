import { BackendError, type Node } from '@sketchgrad/core';
import type { Lowering } from '../lowering.js';
import type { Platform } from '../platforms/platform.js';
import { refusal } from '../platforms/refused.js';
import { accumulate } from './accumulate.js';
import { adamw } from './adamw.js';
import { affine, affineGradient } from './affine.js';
import { attention } from './attention.js';
import { attentionGradient } from './attention-gradient.js';
import { attentionPooling } from './attention-pooling.js';
import { attentionPoolingGradient } from './attention-pooling-gradient.js';
import { averagePooling, averagePoolingGradient } from './average-pooling.js';
import { batchNormalize, batchNormalizeGradient } from './batch-normalize.js';
import { binaryCrossEntropy, binaryCrossEntropyGradient } from './binary-cross-entropy.js';
import { broadcastTo } from './broadcast-to.js';
import { clear } from './clear.js';
import { clipFactor } from './clip-factor.js';
import { concatenate, slice } from './concatenate.js';
import { convolution } from './convolution.js';
import { convolutionInputGradient } from './convolution-input-gradient.js';
import { convolutionWeightGradient } from './convolution-weight-gradient.js';
import { countSketch } from './count-sketch.js';
import { crossEntropy, crossEntropyGradient } from './cross-entropy.js';
import { dequantize } from './dequantize.js';
import { sampleRows, uniformRows } from './draw-rows.js';
import { dropout } from './dropout.js';
import {
  add,
  divide,
  exponential,
  logarithm,
  multiply,
  scale,
  squareRoot,
  subtract,
  tanh,
} from './element-wise.js';
import { exampleGradientNorms } from './example-gradient-norms.js';
import { fewBitGelu, fewBitGeluGradient } from './few-bit-gelu.js';
import { gather } from './gather.js';
import { gelu, geluGradient } from './gelu.js';
import { linear } from './linear.js';
import { matmul } from './matmul.js';
import { maxPooling, maxPoolingGradient } from './max-pooling.js';
import { moveAverage } from './move-average.js';
import { normalize, normalizeGradient } from './normalize.js';
import { permutation } from './permutation.js';
import { permuteAxes } from './permute-axes.js';
import { placesAtPixels } from './places-at-pixels.js';
import { projectFeatures } from './project-features.js';
import { quantize } from './quantize.js';
import { quantizedMatmul } from './quantized-matmul.js';
import { rankRows } from './rank-rows.js';
import { relu, reluGradient } from './relu.js';
import { reshape } from './reshape.js';
import { rotateFeatures } from './rotate-features.js';
import { roundingVariance } from './rounding-variance.js';
import { scatterAdd } from './scatter-add.js';
import { sketch } from './sketch.js';
import { softmax } from './softmax.js';
import { sparseMatmul } from './sparse-matmul.js';
import { rowSquaredNorms, squaredNorm } from './squared-norms.js';
import { sum } from './sum.js';
import { transformSketch } from './transform-sketch.js';
import { transpose } from './transpose.js';
import { winnerRows } from './winner-rows.js';
import { zeroRowsBehind } from './zero-rows-behind.js';

const LOWERINGS: readonly Lowering[] = [
  averagePooling,
  averagePoolingGradient,
  concatenate,
  slice,
  convolution,
  convolutionInputGradient,
  convolutionWeightGradient,
  maxPooling,
  maxPoolingGradient,
  permuteAxes,
  placesAtPixels,
  accumulate,
  adamw,
  add,
  affine,
  affineGradient,
  attention,
  attentionGradient,
  attentionPooling,
  attentionPoolingGradient,
  batchNormalize,
  batchNormalizeGradient,
  binaryCrossEntropy,
  binaryCrossEntropyGradient,
  broadcastTo,
  clear,
  clipFactor,
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
  moveAverage,
  multiply,
  normalize,
  normalizeGradient,
  permutation,
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

/** @throws BackendError for an op that is not run on a platform, with its name and why */
export function expectLowerings(schedule: readonly Node[], platform: Platform): void {
  for (const { op, scope } of schedule) {
    const refused = refusal(op.name, platform.name);
    const where = scope ? ` in ${scope}` : '';
    if (refused)
      throw new BackendError(
        `the tfjs backend does not run the op '${op.name}'${where} on '${platform.name}': ${refused}`,
      );
    if (!lowerings.has(op.name))
      throw new BackendError(`the tfjs backend has no lowering for the op '${op.name}'${where}`);
  }
}
