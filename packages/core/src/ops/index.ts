export { accumulate } from './accumulate.js';
export { ADAMW_SETTINGS, adamw } from './adamw.js';
export { add } from './add.js';
export { affine } from './affine.js';
export { affineGradient } from './affine-gradient.js';
export {
  type AttentionAttributes,
  type AttentionOptions,
  type AttentionSizes,
  attention,
  attentionSizes,
} from './attention.js';
export { attentionGradient } from './attention-gradient.js';
export { attentionPooling, poolingSizes } from './attention-pooling.js';
export { attentionPoolingGradient } from './attention-pooling-gradient.js';
export { averagePooling } from './average-pooling.js';
export { averagePoolingGradient } from './average-pooling-gradient.js';
export {
  type BatchNormalizeOptions,
  batchNormalize,
  type RunningStatistics,
} from './batch-normalize.js';
export { batchNormalizeGradient } from './batch-normalize-gradient.js';
export { batchNormalizeWith } from './batch-normalize-with.js';
export { binaryCrossEntropy } from './binary-cross-entropy.js';
export { binaryCrossEntropyGradient } from './binary-cross-entropy-gradient.js';
export { broadcastTo } from './broadcast-to.js';
export { clear } from './clear.js';
export { clipFactor } from './clip-factor.js';
export type { DequantizeOptions } from './code-inputs.js';
export { concatenate, slice } from './concatenate.js';
export { convolutionInputGradient } from './convolution-input-gradient.js';
export { convolutionWeightGradient } from './convolution-weight-gradient.js';
export { copyFromHost } from './copy-from-host.js';
export { copyToHost } from './copy-to-host.js';
export { countSketch } from './count-sketch.js';
export { crossEntropy } from './cross-entropy.js';
export { crossEntropyGradient } from './cross-entropy-gradient.js';
export { type DequantizeAttributes, dequantize } from './dequantize.js';
export { blockCount, type DiagonalBlock, diagonalBlocks, partBegin } from './diagonal-blocks.js';
export { divide } from './divide.js';
export { dropout } from './dropout.js';
export { exampleGradientNorms } from './example-gradient-norms.js';
export { exponential } from './exponential.js';
export { fewBitGelu } from './few-bit-gelu.js';
export { fewBitGeluGradient } from './few-bit-gelu-gradient.js';
export { gather } from './gather.js';
export { gelu } from './gelu.js';
export { geluGradient } from './gelu-gradient.js';
export { logarithm } from './logarithm.js';
export { matmul, matmulSizes } from './matmul.js';
export { maxPooling } from './max-pooling.js';
export { maxPoolingGradient } from './max-pooling-gradient.js';
export { moveAverage } from './move-average.js';
export { multiply } from './multiply.js';
export { normalize } from './normalize.js';
export { normalizeGradient } from './normalize-gradient.js';
export { permutation } from './permutation.js';
export { PERMUTED_AXES, permuteAxes } from './permute-axes.js';
export { placesAtPixels } from './places-at-pixels.js';
export { type ProjectFeaturesAttributes, projectFeatures } from './project-features.js';
export { type QuantizeAttributes, type QuantizeOptions, quantize } from './quantize.js';
export { type QuantizedMatmulAttributes, quantizedMatmul } from './quantized-matmul.js';
export { rankRows } from './rank-rows.js';
export { relu } from './relu.js';
export { reluGradient } from './relu-gradient.js';
export { reshape } from './reshape.js';
export { rotateFeatures } from './rotate-features.js';
export { type RoundingVarianceAttributes, roundingVariance } from './rounding-variance.js';
export { rowSquaredNorms } from './row-squared-norms.js';
export { sampleRows } from './sample-rows.js';
export { scale } from './scale.js';
export { scatterAdd } from './scatter-add.js';
export { type SketchKind, sketch } from './sketch.js';
export { softmax } from './softmax.js';
export { sparseMatmul } from './sparse-matmul.js';
export { type CompressedRows, type SparseMatrix, sparseMatrix } from './sparse-matrix.js';
export { squareRoot } from './square-root.js';
export { squaredNorm } from './squared-norm.js';
export { subtract } from './subtract.js';
export { sum } from './sum.js';
export { tanh } from './tanh.js';
export {
  type Transform,
  transformInputs,
  transformSizes,
  transformSketch,
} from './transform-sketch.js';
export { transpose } from './transpose.js';
export { uniformRows } from './uniform-rows.js';
export { type WindowOptions, type Windows, windowsOver } from './windows.js';
export { winnerRows } from './winner-rows.js';
export { zeroRowsBehind } from './zero-rows-behind.js';
