import { describe, expect, it } from 'vitest';
import { type DType, operations, type TensorType } from '../../src/index.js';
import { libraryOperations } from '../support/library-operations.js';

type Shape = readonly number[] | { readonly i32: readonly number[] };

/** Inputs, outputs, attributes, and the operations that they take by hand. */
type Row = readonly [
  inputs: readonly Shape[],
  outputs: readonly Shape[],
  attributes: object,
  flops: number,
];

const x = [3, 5]; // 15 elements
const i32 = (...shape: number[]) => ({ i32: shape });
const KEY = i32(2);
const settings = [8];
/** 15 elements in, 15 out, so many operations for each. */
const each = (flops: number, inputs: readonly Shape[] = [x]): Row => [inputs, [x], {}, 15 * flops];
const free: Row = [[x], [x], {}, 0];

/** Two sequences of four tokens, six features in two heads. */
const attention = { heads: 2, longest: 4, threshold: 0, stream: 0 };
const layout = { segments: [{ begin: 0, bits: 2 }], group: 8 };
const unrotated = { ...layout, rotate: false };
const rotated = { ...layout, rotate: true };

/** Two images of 4 × 5 with two channels, a window of 2 × 3 at 3 × 3 places. */
const windows = {
  ...{ size: [2, 3], strides: [1, 1], dilation: [1, 1], before: [0, 0] },
  ...{ image: [4, 5], places: [3, 3] },
};
const images = [2, 4, 5, 2];
const PLACES = 2 * 3 * 3;

const TABLE: Readonly<Record<string, readonly Row[]>> = {
  accumulate: [each(1, [x, x])],
  adamw: [each(14, [x, x, x, x, settings])],
  add: [
    [[x, [5]], [x], {}, 15],
    [[[3, 1], [5]], [x], {}, 15],
  ],
  affine: [each(2, [x, [5], [5]])],
  affineGradient: [[[x, x], [[5], [5]], {}, 60]],
  attention: [
    [
      [[8, 18], i32(3), i32(8), KEY],
      [
        [8, 6],
        [2, 8],
      ],
      attention,
      2 * 16 * (4 * 6 + 7 * 2),
    ],
  ],
  attentionGradient: [
    [
      [[8, 18], i32(3), i32(8), KEY, [2, 8], [8, 6]],
      [[8, 18]],
      attention,
      2 * 16 * (10 * 6 + 12 * 2),
    ],
  ],
  attentionPooling: [
    [
      [[2, 6], [8, 12], i32(3), i32(8), KEY],
      [
        [2, 6],
        [2, 8],
      ],
      attention,
      8 * (4 * 6 + 7 * 2),
    ],
  ],
  attentionPoolingGradient: [
    [
      [[2, 6], [8, 12], i32(3), i32(8), KEY, [2, 8], [2, 6]],
      [
        [8, 12],
        [2, 6],
      ],
      attention,
      8 * (8 * 6 + 5 * 2),
    ],
  ],
  averagePooling: [[[images], [[2, 3, 3, 2]], { windows }, PLACES * 2 * 6]],
  averagePoolingGradient: [[[[2, 3, 3, 2]], [images], { windows }, PLACES * 2 * 7]],
  batchNormalize: [each(7), each(7, [x, KEY])],
  batchNormalizeGradient: [each(8, [x, [5], x]), each(8, [x, [5], x, KEY])],
  binaryCrossEntropy: [
    [[x, x], [[]], {}, 120],
    [[x, x, KEY], [[]], {}, 120],
  ],
  binaryCrossEntropyGradient: [each(5, [x, x, []]), each(5, [x, x, [], KEY])],
  broadcastTo: [free],
  clear: [free],
  clipFactor: [[[[], settings], [[]], { limit: 1 }, 4]],
  concatenate: [[[x, x], [[6, 5]], { axis: 0 }, 0]],
  convolution: [
    [[images, [7, 12], [7]], [[2, 3, 3, 7]], { windows }, PLACES * 7 * (2 * 12 + 1)],
    [[images, [7, 12]], [[2, 3, 3, 7]], { windows }, PLACES * 7 * 2 * 12],
  ],
  convolutionInputGradient: [
    [
      [
        [2, 3, 3, 7],
        [7, 12],
      ],
      [images],
      { windows },
      PLACES * 7 * 2 * 12,
    ],
  ],
  convolutionWeightGradient: [
    [[images, [2, 3, 3, 7]], [[7, 12]], { windows }, PLACES * 7 * 2 * 12],
  ],
  copyFromHost: [free],
  copyToHost: [free],
  countSketch: [[[x, KEY], [[2, 5]], { rows: 2 }, 15]],
  crossEntropy: [[[x, i32(3)], [[]], {}, 90]],
  crossEntropyGradient: [each(2, [x, i32(3), []])],
  dequantize: [
    [[i32(1), i32(3, 1)], [x], unrotated, 30],
    // Signs, three steps of a transform of eight, scaling: five for each feature.
    [[i32(1), i32(3, 1)], [x], rotated, 15 * 7],
    [[i32(1), i32(3, 1), KEY], [x], { ...rotated, stream: 0 }, 15 * 8],
  ],
  divide: [[[x, [5]], [x], {}, 15]],
  dropout: [each(1, [x, KEY])],
  exampleGradientNorms: [[[x, [3, 7], i32(2)], [[1]], {}, 9 * 12]],
  exponential: [each(1)],
  fewBitGelu: [
    [[x], [x], { bits: 3 }, 15 * 18],
    [[x], [x], { bits: 1 }, 15 * 12],
  ],
  fewBitGeluGradient: [each(1, [x, i32(2)])],
  gather: [[[[9, 5], i32(3)], [x], { count: 3 }, 0]],
  gelu: [each(10)],
  geluGradient: [each(14, [x, x])],
  linear: [
    [[x, [4, 5]], [[3, 4]], {}, 2 * 12 * 5],
    [[x, [4, 5], [4]], [[3, 4]], {}, 2 * 12 * 5 + 12],
  ],
  logarithm: [each(1)],
  matmul: [
    [[x, [5, 4]], [[3, 4]], { transposeA: false, transposeB: false }, 2 * 3 * 5 * 4],
    [
      [
        [5, 3],
        [4, 5],
      ],
      [[3, 4]],
      { transposeA: true, transposeB: true },
      2 * 3 * 5 * 4,
    ],
  ],
  maxPooling: [[[images], [[2, 3, 3, 2]], { windows }, PLACES * 2 * 6]],
  maxPoolingGradient: [[[images, [2, 3, 3, 2]], [images], { windows }, PLACES * 2 * 7]],
  moveAverage: [[[[5], [5]], [[5]], {}, 15]],
  multiply: [[[x, [5]], [x], {}, 15]],
  normalize: [each(7)],
  normalizeGradient: [each(8, [x, [3], x])],
  placesAtPixels: [[[[2, 3, 3, 7]], [[40, 7]], { windows, at: 1 }, 0]],
  permuteAxes: [[[x], [[5, 3]], { order: [1, 0] }, 0]],
  permutation: [[[KEY], [i32(8)], {}, 0]],
  projectFeatures: [[[x, KEY], [[3, 2]], {}, 2 * 15 * 2]],
  quantize: [
    [[x, KEY], [i32(1), i32(3, 1)], unrotated, 150],
    [[x, KEY], [i32(1), i32(3, 1)], rotated, 15 * 15],
  ],
  quantizedMatmul: [
    // Four outputs of three rows by seven features; ranges add two for each row's features.
    [[[3, 4], i32(1), i32(3, 1)], [[4, 7]], { features: 7 }, 2 * 12 * 7 + 2 * 3 * 7],
    // Where what was added is drawn again, three.
    [
      [[3, 4], i32(1), i32(3, 1), KEY],
      [[4, 7]],
      { features: 7, stream: 0 },
      2 * 12 * 7 + 3 * 3 * 7,
    ],
  ],
  rankRows: [[[[3]], [i32(3)], {}, 0]],
  relu: [each(1)],
  reluGradient: [each(1, [x, x])],
  reshape: [free],
  rotateFeatures: [
    [[x], [x], { group: 8 }, 75],
    [[x], [x], { group: 2 }, 45],
  ],
  roundingVariance: [
    [[x], [[3]], unrotated, 135],
    [[x], [[3]], rotated, 15 * 14],
  ],
  rowSquaredNorms: [[[x], [[3]], {}, 30]],
  sampleRows: [[[[7], KEY], [i32(2), [2]], { count: 2 }, 13]],
  scale: [each(1)],
  scatterAdd: [[[x, i32(3)], [[9, 5]], {}, 15]],
  sketch: [
    [[x, KEY], [[2, 5]], { rows: 2 }, 2 * 3 * 2 * 5],
    // Two blocks of four rows, each to two.
    [[[8, 5], KEY], [[4, 5]], { rows: 4, blockRows: 4 }, 2 * (2 * 4 * 2 * 5)],
  ],
  slice: [[[x], [[3, 2]], { axis: 1, begin: 1, size: 2 }, 0]],
  softmax: [each(5)],
  sparseMatmul: [
    [[i32(4), i32(6), x], [x], {}, 6 * 5],
    [[i32(4), i32(6), x, [6]], [x], {}, 2 * 6 * 5],
  ],
  squareRoot: [each(1)],
  squaredNorm: [[[x], [[]], {}, 30]],
  subtract: [[[x, [5]], [x], {}, 15]],
  sum: [[[x], [[]], { axis: 0 }, 15]],
  tanh: [each(1)],
  transformSketch: [
    // Eight rows: three steps of eight for each feature.
    [[[8, 5], KEY], [[2, 5]], { transform: 'hadamard', rows: 2 }, 8 * 3 * 5],
    [[[8, 5], KEY], [[2, 5]], { transform: 'dct', rows: 2 }, 2.5 * 8 * 3 * 5 + 7 * 2 * 5],
    // Blocks of four: two of them, two steps each.
    [[[8, 5], KEY], [[4, 5]], { transform: 'hadamard', rows: 4, blockRows: 4 }, 4 * 2 * 2 * 5],
  ],
  transpose: [free],
  uniformRows: [[[KEY], [i32(2)], { count: 2 }, 0]],
  winnerRows: [[[[7], KEY], [i32(2), [2], [7]], { count: 2 }, 17]],
  zeroRowsBehind: [[[x, i32(2)], [x], {}, 0]],
};

const typeOf = (shape: Shape): TensorType => {
  const dtype: DType = 'i32' in shape ? 'i32' : 'f32';
  return { shape: 'i32' in shape ? shape.i32 : shape, dtype };
};

describe('the operations that an op takes', () => {
  it('are in the table for every op', () => {
    expect(Object.keys(TABLE).sort()).toEqual(libraryOperations().sort());
  });

  it.each(Object.entries(TABLE))('are those of %s', (name, rows) => {
    const op = operations().get(name)!;
    for (const [inputs, outputs, attributes, flops] of rows)
      expect(op.flops(inputs.map(typeOf), outputs.map(typeOf), attributes as never)).toBe(flops);
  });
});
