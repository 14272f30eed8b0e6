import type { ReferenceKernel } from './kernel.js';
import { accumulate } from './kernels/accumulate.js';
import { adamw } from './kernels/adamw.js';
import { affine, affineGradient } from './kernels/affine.js';
import { attention, attentionGradient } from './kernels/attention.js';
import { attentionPooling, attentionPoolingGradient } from './kernels/attention-pooling.js';
import { batchNormalize, batchNormalizeGradient } from './kernels/batch-normalize.js';
import { binaryCrossEntropy, binaryCrossEntropyGradient } from './kernels/binary-cross-entropy.js';
import { broadcastTo } from './kernels/broadcast-to.js';
import { clear } from './kernels/clear.js';
import { clipFactor } from './kernels/clip-factor.js';
import { concatenate, slice } from './kernels/concatenate.js';
import {
  convolution,
  convolutionInputGradient,
  convolutionWeightGradient,
  placesAtPixels,
} from './kernels/convolution.js';
import { copyFromHost, copyToHost } from './kernels/copies.js';
import { countSketch } from './kernels/count-sketch.js';
import { crossEntropy, crossEntropyGradient } from './kernels/cross-entropy.js';
import { dequantize } from './kernels/dequantize.js';
import { dropout } from './kernels/dropout.js';
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
} from './kernels/element-wise.js';
import { exampleGradientNorms } from './kernels/example-gradient-norms.js';
import { fewBitGelu, fewBitGeluGradient } from './kernels/few-bit-gelu.js';
import { gather } from './kernels/gather.js';
import { gelu, geluGradient } from './kernels/gelu.js';
import { linear } from './kernels/linear.js';
import { matmul } from './kernels/matmul.js';
import { moveAverage } from './kernels/move-average.js';
import { normalize, normalizeGradient } from './kernels/normalize.js';
import { permutation } from './kernels/permutation.js';
import { permuteAxes } from './kernels/permute-axes.js';
import {
  averagePooling,
  averagePoolingGradient,
  maxPooling,
  maxPoolingGradient,
} from './kernels/pooling.js';
import { projectFeatures } from './kernels/project-features.js';
import { quantize } from './kernels/quantize.js';
import { quantizedMatmul } from './kernels/quantized-matmul.js';
import { rankRows } from './kernels/rank-rows.js';
import { relu, reluGradient } from './kernels/relu.js';
import { reshape } from './kernels/reshape.js';
import { rotateFeatures } from './kernels/rotate-features.js';
import { roundingVariance } from './kernels/rounding-variance.js';
import { rowSquaredNorms } from './kernels/row-squared-norms.js';
import { sampleRows } from './kernels/sample-rows.js';
import { scatterAdd } from './kernels/scatter-add.js';
import { sketch } from './kernels/sketch.js';
import { softmax } from './kernels/softmax.js';
import { sparseMatmul } from './kernels/sparse-matmul.js';
import { squaredNorm } from './kernels/squared-norm.js';
import { sum } from './kernels/sum.js';
import { transformSketch } from './kernels/transform-sketch.js';
import { transpose } from './kernels/transpose.js';
import { uniformRows } from './kernels/uniform-rows.js';
import { winnerRows } from './kernels/winner-rows.js';
import { zeroRowsBehind } from './kernels/zero-rows-behind.js';

const KERNELS: readonly ReferenceKernel[] = [
  copyFromHost,
  copyToHost,
  accumulate,
  adamw,
  add,
  affineGradient,
  affine,
  attentionGradient,
  attention,
  attentionPooling,
  attentionPoolingGradient,
  batchNormalizeGradient,
  batchNormalize,
  binaryCrossEntropyGradient,
  binaryCrossEntropy,
  broadcastTo,
  clear,
  clipFactor,
  countSketch,
  crossEntropyGradient,
  crossEntropy,
  dequantize,
  divide,
  dropout,
  exponential,
  fewBitGelu,
  fewBitGeluGradient,
  gather,
  geluGradient,
  gelu,
  linear,
  logarithm,
  matmul,
  moveAverage,
  multiply,
  normalizeGradient,
  normalize,
  quantize,
  quantizedMatmul,
  rankRows,
  permutation,
  projectFeatures,
  reluGradient,
  relu,
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
  exampleGradientNorms,
  averagePooling,
  averagePoolingGradient,
  concatenate,
  convolution,
  convolutionInputGradient,
  convolutionWeightGradient,
  placesAtPixels,
  maxPooling,
  maxPoolingGradient,
  permuteAxes,
  slice,
];

/** The reference executor's kernel of each op, by the op's name. */
export const referenceKernels: ReadonlyMap<string, ReferenceKernel> = new Map(
  KERNELS.map((kernel) => [kernel.op, kernel]),
);
