import type { ReferenceKernel } from './kernel.js';
import { accumulate } from './kernels/accumulate.js';
import { adamw } from './kernels/adamw.js';
import { add } from './kernels/add.js';
import { affine } from './kernels/affine.js';
import { affineGradient } from './kernels/affine-gradient.js';
import { attention } from './kernels/attention.js';
import { attentionGradient } from './kernels/attention-gradient.js';
import { batchNormalize } from './kernels/batch-normalize.js';
import { batchNormalizeGradient } from './kernels/batch-normalize-gradient.js';
import { binaryCrossEntropy } from './kernels/binary-cross-entropy.js';
import { binaryCrossEntropyGradient } from './kernels/binary-cross-entropy-gradient.js';
import { broadcastTo } from './kernels/broadcast-to.js';
import { clear } from './kernels/clear.js';
import { clipFactor } from './kernels/clip-factor.js';
import { copyFromHost } from './kernels/copy-from-host.js';
import { copyToHost } from './kernels/copy-to-host.js';
import { countSketch } from './kernels/count-sketch.js';
import { crossEntropy } from './kernels/cross-entropy.js';
import { crossEntropyGradient } from './kernels/cross-entropy-gradient.js';
import { dequantize } from './kernels/dequantize.js';
import { divide } from './kernels/divide.js';
import { dropout } from './kernels/dropout.js';
import { exponential } from './kernels/exponential.js';
import { fewBitGelu } from './kernels/few-bit-gelu.js';
import { fewBitGeluGradient } from './kernels/few-bit-gelu-gradient.js';
import { gather } from './kernels/gather.js';
import { gelu } from './kernels/gelu.js';
import { geluGradient } from './kernels/gelu-gradient.js';
import { linear } from './kernels/linear.js';
import { logarithm } from './kernels/logarithm.js';
import { matmul } from './kernels/matmul.js';
import { moveAverage } from './kernels/move-average.js';
import { multiply } from './kernels/multiply.js';
import { normalize } from './kernels/normalize.js';
import { normalizeGradient } from './kernels/normalize-gradient.js';
import { permutation } from './kernels/permutation.js';
import { projectFeatures } from './kernels/project-features.js';
import { quantize } from './kernels/quantize.js';
import { quantizedMatmul } from './kernels/quantized-matmul.js';
import { rankRows } from './kernels/rank-rows.js';
import { relu } from './kernels/relu.js';
import { reluGradient } from './kernels/relu-gradient.js';
import { reshape } from './kernels/reshape.js';
import { rotateFeatures } from './kernels/rotate-features.js';
import { roundingVariance } from './kernels/rounding-variance.js';
import { rowSquaredNorms } from './kernels/row-squared-norms.js';
import { sampleRows } from './kernels/sample-rows.js';
import { scale } from './kernels/scale.js';
import { scatterAdd } from './kernels/scatter-add.js';
import { sketch } from './kernels/sketch.js';
import { softmax } from './kernels/softmax.js';
import { sparseMatmul } from './kernels/sparse-matmul.js';
import { squareRoot } from './kernels/square-root.js';
import { squaredNorm } from './kernels/squared-norm.js';
import { subtract } from './kernels/subtract.js';
import { sum } from './kernels/sum.js';
import { tanh } from './kernels/tanh.js';
import { transformSketch } from './kernels/transform-sketch.js';
import { transpose } from './kernels/transpose.js';
import { uniformRows } from './kernels/uniform-rows.js';
import { winnerRows } from './kernels/winner-rows.js';

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
];

/** The reference executor's kernel of each op, by the op's name. */
export const referenceKernels: ReadonlyMap<string, ReferenceKernel> = new Map(
  KERNELS.map((kernel) => [kernel.op, kernel]),
);
