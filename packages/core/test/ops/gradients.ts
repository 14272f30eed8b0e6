import {
  add,
  affine,
  attention,
  attentionPooling,
  batchNormalize,
  binaryCrossEntropy,
  broadcastTo,
  constant,
  crossEntropy,
  divide,
  dropout,
  elements,
  exponential,
  gather,
  gelu,
  linear,
  logarithm,
  matmul,
  multiply,
  newKey,
  normalize,
  relu,
  reshape,
  rotateFeatures,
  scale,
  scatterAdd,
  softmax,
  sparseMatmul,
  squaredNorm,
  squareRoot,
  subtract,
  sum,
  tanh,
  transpose,
  type Value,
  zeroRowsBehind,
} from '../../src/index.js';
import { count, draw } from '../support/draw.js';
import { anything, type Draws, type GradientCase } from '../support/gradient-case.js';
import { f32, i32 } from '../support/gradient-check.js';
import { sparseConstants } from '../support/sparse.js';
import { SHAPE_GRADIENT_CASES } from './shape-gradients.js';
import { WINDOW_GRADIENT_CASES } from './window-gradients.js';

const positive: Draws = (shape, seed) => f32(shape, draw(count(shape), seed, 0.5, 3));
/** At least 0.1 away from 0, where ReLU has no derivative. */
const notZero: Draws = (shape, seed) =>
  f32(
    shape,
    draw(count(shape), seed).map((x) => x + Math.sign(x) * 0.1),
  );

const single = (build: (x: Value) => Value, draws = anything): GradientCase => ({
  args: (size, seed) => ({ x: draws([size(0), size(1)], seed) }),
  build: ({ x }) => build(x!),
});

/** Both shapes with random axes of size 1, and one of them with an axis less. */
const broadcasting = (build: (a: Value, b: Value) => Value, drawB = anything): GradientCase => ({
  args: (size, seed) => {
    const shape = [size(0), size(1), size(2)];
    const thin = (bits: number) => shape.map((n, axis) => ((bits >> axis) & 1 ? 1 : n));
    const a = thin(seed & 7);
    const b = thin((seed >> 3) & 7).slice((seed >> 6) & 1);
    return { a: anything(a, seed), b: drawB(b, seed + 1) };
  },
  build: ({ a, b }) => build(a!, b!),
});

const labelled = (rows: number, classes: number, seed: number) =>
  i32(
    [rows],
    [...draw(rows, seed, 0, classes)].map((x) => Math.floor(x)),
  );

const KEY = i32([2], [3, 8]);

/** Three packed sequences, of which the second has a key that is masked, and a row that is nobody's. */
const ROWS = 8;
const PACKED = {
  starts: i32([4], [0, 3, 6, 7]),
  mask: i32([ROWS], [1, 1, 1, 1, 1, 0, 1, 1]),
  key: KEY,
};
const HEADS = { heads: 2, longest: 4 };

/** For every op that gradients pass, what its vjp is checked on. */
export const GRADIENT_CASES: Readonly<Record<string, readonly GradientCase[]>> = {
  add: [broadcasting(add)],
  subtract: [broadcasting(subtract)],
  multiply: [broadcasting(multiply), single((x) => multiply(x, x))],
  divide: [broadcasting(divide, positive)],
  scale: [single((x) => scale(x, -1.7))],
  relu: [single(relu, notZero)],
  tanh: [single(tanh)],
  exponential: [single(exponential)],
  logarithm: [single(logarithm, positive)],
  squareRoot: [single(squareRoot, positive)],
  // Not its function's derivative but steps near it: see few-bit-gelu.test.ts.
  fewBitGelu: [],
  gelu: [single((x) => gelu(scale(x, 2)))],
  softmax: [
    single(softmax),
    {
      args: (size, seed) => ({ x: anything([size(0), size(1), size(2)], seed) }),
      build: ({ x }) => softmax(x!),
    },
  ],
  sum: [
    single((x) => sum(x, { axis: 0 })),
    single((x) => sum(x, { axis: -1, keepDimensions: true })),
    single((x) => sum(x)),
  ],
  squaredNorm: [single(squaredNorm)],
  broadcastTo: [
    {
      args: (size, seed) => ({ x: anything([size(0), 1], seed) }),
      build: ({ x }) => broadcastTo(x!, [3, x!.shape[0]!, 2]),
    },
  ],
  transpose: [single(transpose)],
  reshape: [single((x) => reshape(x, [x.shape[1]!, 1, x.shape[0]!]))],
  matmul: [false, true].flatMap((transposeA) =>
    [false, true].map(
      (transposeB): GradientCase => ({
        args: (size, seed) => ({
          a: anything(transposeA ? [size(1), size(0)] : [size(0), size(1)], seed),
          b: anything(transposeB ? [size(2), size(1)] : [size(1), size(2)], seed + 1),
        }),
        build: ({ a, b }) => matmul(a!, b!, { transposeA, transposeB }),
      }),
    ),
  ),
  linear: [true, false].map(
    (bias): GradientCase => ({
      args: (size, seed) => ({
        x: anything([size(0), size(1)], seed),
        w: anything([size(2), size(1)], seed + 1),
        ...(bias ? { b: anything([size(2)], seed + 2) } : {}),
      }),
      build: ({ x, w, b }) => linear(x!, w!, b),
    }),
  ),
  normalize: [
    {
      args: (size, seed) => ({ x: anything([size(0), size(1) + 1], seed) }),
      build: ({ x }) => normalize(x!, { epsilon: 1e-2 })[0],
    },
  ],
  affine: [
    {
      args: (size, seed) => ({
        x: anything([size(0), size(1)], seed),
        gain: anything([size(1)], seed + 1),
        bias: anything([size(1)], seed + 2),
      }),
      build: ({ x, gain, bias }) => affine(x!, gain!, bias!),
    },
  ],
  batchNormalize: [
    {
      args: (size, seed) => ({ x: anything([size(0) + 1, size(1)], seed) }),
      build: ({ x }) => batchNormalize(x!, { epsilon: 1e-2 }),
    },
    {
      args: (size, seed) => ({
        x: anything([size(0) + 2, size(1)], seed),
        starts: i32([2], [0, 2 + (seed % size(0))]),
      }),
      build: ({ x, starts }) => batchNormalize(x!, { epsilon: 1e-2, starts: starts! }),
    },
  ],
  binaryCrossEntropy: [
    {
      args: (size, seed) => ({ logits: anything([size(0), size(1)], seed) }),
      build: ({ logits }) => {
        const targets = Float32Array.from(draw(elements(logits!), 5, 0, 1));
        return binaryCrossEntropy(logits!, constant(targets, logits!.shape));
      },
    },
    {
      args: (size, seed) => ({
        logits: anything([size(0) + 1, size(1)], seed),
        starts: i32([2], [0, 1 + (seed % size(0))]),
      }),
      build: ({ logits, starts }) => {
        const targets = Float32Array.from(draw(elements(logits!), 5, 0, 1));
        return binaryCrossEntropy(logits!, constant(targets, logits!.shape), starts);
      },
    },
  ],
  crossEntropy: [
    {
      args: (size, seed) => ({
        logits: anything([size(0), size(1)], seed),
        labels: labelled(size(0), size(1), seed + 1),
      }),
      build: ({ logits, labels }) => crossEntropy(logits!, labels!)[0],
    },
    {
      args: (size, seed) => ({
        logits: anything([size(0) + 1, size(1)], seed),
        labels: labelled(size(0) + 1, size(1), seed + 1),
        starts: i32([2], [0, 1 + (seed % size(0))]),
      }),
      build: ({ logits, labels, starts }) => crossEntropy(logits!, labels!, starts)[0],
    },
  ],
  rotateFeatures: [false, true].map(
    (inverse): GradientCase => ({
      args: (size, seed) => ({ x: anything([size(0), 3 * size(1)], seed) }),
      build: ({ x }) => rotateFeatures(x!, { group: 5, inverse }),
    }),
  ),
  ...WINDOW_GRADIENT_CASES,
  ...SHAPE_GRADIENT_CASES,
  gather: [
    {
      args: (size, seed) => ({
        table: anything([size(0), size(1)], seed),
        at: labelled(size(2) + 2, size(0), seed + 1),
      }),
      build: ({ table, at }) => gather(table!, at!),
    },
  ],
  scatterAdd: [
    {
      args: (size, seed) => ({
        x: anything([size(2) + 2, size(1)], seed),
        at: labelled(size(2) + 2, size(0), seed + 1),
      }),
      build: ({ x, at }) => scatterAdd(x!, at!, 5),
    },
  ],
  sparseMatmul: [true, false].map(
    (valued): GradientCase => ({
      args: (size, seed) => ({ x: anything([size(0), size(1)], seed) }),
      build: ({ x }) => sparseMatmul(sparseConstants(4, x!.shape[0]!, { valued }), x!),
    }),
  ),
  dropout: [
    {
      args: (size, seed) => ({ x: anything([size(0), size(1), size(2)], seed), key: KEY }),
      build: ({ x, key }) => dropout(x!, { rate: 0.4, key: newKey(key!) }),
    },
  ],
  attention: [0, 0.3].map(
    (rate): GradientCase => ({
      args: (size, seed) => {
        const width = 2 * size(0);
        return { projections: anything([ROWS, 3 * width], seed), ...PACKED };
      },
      build: ({ projections, starts, mask, key }) =>
        attention(projections!, starts!, mask!, { ...HEADS, rate, key: newKey(key!) }),
    }),
  ),
  attentionPooling: [0, 0.3].map(
    (rate): GradientCase => ({
      args: (size, seed) => {
        const width = 2 * size(0);
        return {
          queries: anything([3, width], seed),
          keysValues: anything([ROWS, 2 * width], seed + 1),
          ...PACKED,
        };
      },
      build: ({ queries, keysValues, starts, mask, key }) =>
        attentionPooling(queries!, keysValues!, starts!, mask!, {
          ...{ ...HEADS, rate, key: newKey(key!) },
        }),
    }),
  ),
  zeroRowsBehind: [
    {
      args: (size, seed) => ({
        x: anything([size(0) + 2, size(1)], seed),
        starts: i32([2], [0, 2]),
      }),
      build: ({ x, starts }) => zeroRowsBehind(x!, starts!),
    },
  ],
};
