import { affine, affineGradient } from './affine.js';
import {
  attention,
  attentionGradient,
  attentionPooling,
  attentionPoolingGradient,
} from './attention.js';
import { batchNormalize, batchNormalizeGradient } from './batch-normalize.js';
import { binaryCrossEntropy, binaryCrossEntropyGradient } from './binary-cross-entropy.js';
import { add, broadcastTo, divide, multiply, subtract } from './broadcasting.js';
import { concatenate, slice } from './concatenate.js';
import { convolution, convolutionInputGradient, convolutionWeightGradient } from './convolution.js';
import { copyFromHost, copyToHost } from './copy.js';
import { countSketch } from './count-sketch.js';
import { crossEntropy, crossEntropyGradient } from './cross-entropy.js';
import { dequantize } from './dequantize.js';
import { sampleRows, uniformRows, winnerRows } from './draw-rows.js';
import {
  dropout,
  exponential,
  gelu,
  geluGradient,
  logarithm,
  scale,
  squareRoot,
  tanh,
} from './element-wise.js';
import { exampleGradientNorms } from './example-gradient-norms.js';
import { fewBitGelu, fewBitGeluGradient } from './few-bit-gelu.js';
import { gather, scatterAdd } from './gather.js';
import type { Kernel } from './kernel.js';
import { linear } from './linear.js';
import { matmul } from './matmul.js';
import { normalize, normalizeGradient } from './normalize.js';
import { permutation } from './permutation.js';
import { permuteAxes } from './permute-axes.js';
import { placesAtPixels } from './places-at-pixels.js';
import {
  averagePooling,
  averagePoolingGradient,
  maxPooling,
  maxPoolingGradient,
} from './pooling.js';
import { projectFeatures } from './project-features.js';
import { quantize } from './quantize.js';
import { quantizedMatmul } from './quantized-matmul.js';
import { rankRows } from './rank-rows.js';
import { relu, reluGradient } from './relu.js';
import { rotateFeatures } from './rotate-features.js';
import { roundingVariance } from './rounding-variance.js';
import { reshape, transpose } from './shape.js';
import { sketch } from './sketch.js';
import { softmax } from './softmax.js';
import { sparseMatmul } from './sparse.js';
import { rowSquaredNorms, squaredNorm, sum } from './sum.js';
import { transformSketch } from './transform-sketch.js';
import { accumulate, adamw, clear, clipFactor, moveAverage } from './update.js';
import { zeroRowsBehind } from './zero-rows-behind.js';

/** How the CPU runs each op, by the op's name. */
export const kernels: ReadonlyMap<string, Kernel> = new Map(
  [
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
    copyFromHost,
    copyToHost,
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
    rotateFeatures,
    roundingVariance,
    relu,
    reluGradient,
    reshape,
    rowSquaredNorms,
    sampleRows,
    scale,
    scatterAdd,
    sketch,
    softmax,
    sparseMatmul,
    squaredNorm,
    squareRoot,
    subtract,
    sum,
    tanh,
    transformSketch,
    transpose,
    uniformRows,
    winnerRows,
    zeroRowsBehind,
    averagePooling,
    averagePoolingGradient,
    concatenate,
    convolution,
    convolutionInputGradient,
    convolutionWeightGradient,
    maxPooling,
    maxPoolingGradient,
    permuteAxes,
    placesAtPixels,
    slice,
  ].map((kernel) => [kernel.op, kernel]),
);
