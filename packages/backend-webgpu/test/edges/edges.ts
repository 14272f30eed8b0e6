import type { Edges } from '@sketchgrad/testing';
import { THREADS } from '../../src/kernel.js';
import { TILE as CODED_TILE } from '../../src/kernels/coded/kernel.js';
import { REGISTER_TILE } from '../../src/kernels/matmul/registers.js';
import { SHARED_TILE } from '../../src/kernels/matmul/shared.js';
import { FEATURES, SHARERS } from '../../src/kernels/sparse-matmul/kernel.js';
import { PLACES } from '../../src/lowerings/convolution.js';
import { CHUNK } from '../../src/lowerings/reduction.js';
import { ROW_THREADS } from '../../src/row-kernel.js';
import { PACKED } from '../../src/wgsl/packing.js';
import { HELD } from '../../src/wgsl/rounding.js';
import { AXES } from '../../src/wgsl/strided.js';
import { along } from './along.js';
import { randomEdges } from './random.js';

const imagesOf = (places: number) => along('rows', [places], { batch: 1, columns: 1, window: 1 });
const images = along('batch', [THREADS / 2], { rows: 2, columns: 1 });

const rounded = [
  ...along('features', [PACKED, 128]),
  // Groups that a workgroup does not hold at once, and such as lie across packs.
  ...along('group', [HELD], { features: HELD + 40, rows: 1 }),
  ...along('group', [PACKED], { features: 100 }),
];

/** Elements of a workgroup, one a thread or a vector of four. */
const elements = along('elements', [4, THREADS, 4 * THREADS]);
const packed = along('elements', [PACKED, PACKED * THREADS]);
const rowWise = [...along('rows', [CHUNK]), ...along('features', [ROW_THREADS, THREADS])];
const moved = [...along('inner', [4, THREADS]), ...along('outer', [THREADS])];
const broadcast = [...along('columns', [4, THREADS]), ...along('axes', [AXES - 1])];
const product = [
  ...along('rows', [REGISTER_TILE, SHARED_TILE]),
  ...along('columns', [REGISTER_TILE, SHARED_TILE]),
  ...along('inner', [4, 16]),
];
const indexed = [...along('count', [THREADS]), ...along('features', [THREADS])];
const attended = [...along('sequence', [ROW_THREADS, THREADS]), ...along('size', [4, 32])];

/** The sizes at which kernels begin another vector, tile, workgroup or pass, from their own constants. */
export const edges: Edges = {
  ...randomEdges,
  ...{ accumulate: elements, adamw: elements, clear: elements, scale: elements, dropout: elements },
  ...{ exponential: elements, logarithm: elements, squareRoot: elements, tanh: elements },
  ...{ gelu: elements, geluGradient: elements },
  ...{ fewBitGelu: packed, fewBitGeluGradient: packed, relu: packed, reluGradient: packed },
  ...{ binaryCrossEntropy: elements, binaryCrossEntropyGradient: elements },
  squaredNorm: along('elements', [CHUNK, CHUNK ** 2]),
  sum: [...along('count', [CHUNK]), ...along('inner', [THREADS]), ...along('elements', [CHUNK])],
  ...{ add: broadcast, subtract: broadcast, multiply: broadcast, divide: broadcast },
  ...{ broadcastTo: broadcast, concatenate: moved, slice: moved, permuteAxes: moved },
  ...{ affine: rowWise, affineGradient: rowWise, normalize: rowWise, normalizeGradient: rowWise },
  ...{ batchNormalize: rowWise, batchNormalizeGradient: rowWise, softmax: rowWise },
  ...{ crossEntropy: rowWise, crossEntropyGradient: rowWise, rowSquaredNorms: rowWise },
  moveAverage: along('features', [4, THREADS]),
  transpose: along('features', [THREADS]),
  zeroRowsBehind: along('features', [4, THREADS]),
  ...{ gather: indexed, scatterAdd: indexed, matmul: product, linear: product },
  ...{ attention: attended, attentionGradient: attended },
  ...{ attentionPooling: attended, attentionPoolingGradient: attended },
  exampleGradientNorms: along('rows', [ROW_THREADS]),
  ...{ clipFactor: [], reshape: [] },
  quantize: rounded,
  dequantize: rounded,
  quantizedMatmul: [...rounded, ...along('rows', [CODED_TILE])],
  roundingVariance: rounded,
  rotateFeatures: rounded,
  rankRows: along('rows', [THREADS]),
  sparseMatmul: [
    ...along('features', [FEATURES, 2 * FEATURES]),
    ...along('entries', [SHARERS, 2 * SHARERS]),
  ],
  convolution: images,
  convolutionInputGradient: images,
  convolutionWeightGradient: [...images, ...imagesOf(PLACES), ...imagesOf(2 * PLACES)],
  placesAtPixels: images,
  ...{ maxPooling: images, maxPoolingGradient: images },
  ...{ averagePooling: images, averagePoolingGradient: images },
};
