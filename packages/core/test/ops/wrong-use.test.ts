import { describe, expect, it } from 'vitest';
import * as core from '../../src/index.js';
import { libraryOperations } from '../support/library-operations.js';
import { isOptions, wrongCalls } from '../support/wrong-calls.js';
import { Options, wrongKinds } from '../support/wrong-kinds.js';

const { input, newKey, parameter, SketchgradError, trace, UsageError } = core;

const x = (name = 'x') => input(name, [6, 8]);
const vector = (size: number, name: string) => input(name, [size]);
const integers = (shape: readonly number[], name: string) => input(name, shape, 'i32');
const key = (name = 'key') => newKey(integers([2], name));
const matrix = (size = 6, name = '') => ({
  ...{ rows: size, columns: size },
  ...{
    rowPointers: integers([size + 1], `${name}pointers`),
    columnIndices: integers([3], `${name}columns`),
  },
});
const running = () => ({ mean: vector(8, 'mean'), variance: vector(8, 'variance') });
const projections = () => input('projections', [6, 24]);
const starts = () => integers([3], 'starts');
const mask = () => integers([6], 'mask');
const attended = { heads: 2, longest: 3 };
const codes = () => ({ bits: 4, features: 8, group: 8, rotate: false, key: key() });

const images = (channels = 2, name = 'images') => input(name, [2, 4, 5, channels]);
const windowed = { size: [2, 3], strides: [1, 1], padding: 'valid', dilation: [1, 1] };
const windows = {
  ...{ size: [2, 3], strides: [1, 1], dilation: [1, 1], before: [0, 0] },
  ...{ image: [4, 5], places: [3, 3] },
};
const placed = (channels: number) => input('places', [2, 3, 3, channels]);

/** What each builder takes, so that it is right. */
const RIGHT: Readonly<Record<string, () => unknown[]>> = {
  accumulate: () => [x(), x('y')],
  adamw: () => [['p', 'g', 'm', 's', 'settings'].map((name) => vector(8, name)), { decay: true }],
  add: () => [x(), x('y')],
  affine: () => [x(), vector(8, 'gain'), vector(8, 'bias')],
  affineGradient: () => [x(), vector(8, 'gain'), x('dy')],
  attention: () => [projections(), starts(), mask(), { ...attended, rate: 0.1, key: key() }],
  attentionGradient: () => [
    [
      ...[projections(), starts(), mask(), integers([2], 'key')],
      ...[input('sums', [2, 6]), x('dcontext')],
    ],
    { ...attended, threshold: 0, stream: 0 },
  ],
  attentionPooling: () => [
    ...[input('queries', [2, 8]), input('keysValues', [6, 16]), starts(), mask()],
    { ...attended, rate: 0.1, key: key() },
  ],
  attentionPoolingGradient: () => [
    [
      ...[input('queries', [2, 8]), input('keysValues', [6, 16]), starts(), mask()],
      ...[integers([2], 'key'), input('probabilities', [2, 6]), input('dcontext', [2, 8])],
    ],
    { ...attended, threshold: 0, stream: 0 },
  ],
  averagePooling: () => [images(), { ...windowed }],
  averagePoolingGradient: () => [placed(2), { ...windows }],
  batchNormalize: () => [
    x(),
    {
      ...{ epsilon: 1e-5, running: running(), momentum: 0.1, starts: starts() },
      variance: 'unbiased',
    },
  ],
  batchNormalizeGradient: () => [x(), vector(8, 'inverse'), x('dy'), starts()],
  batchNormalizeWith: () => [x(), running(), { epsilon: 1e-5 }],
  binaryCrossEntropy: () => [x(), x('targets'), starts()],
  binaryCrossEntropyGradient: () => [x(), x('targets'), input('dloss', []), starts()],
  broadcastTo: () => [vector(8, 'v'), [6, 8]],
  clear: () => [x()],
  clipFactor: () => [input('squared', []), vector(8, 'settings'), 1],
  concatenate: () => [[x(), x('y')], { axis: 0 }],
  convolution: () => [images(), input('w', [7, 12]), vector(7, 'b'), { ...windowed }],
  convolutionInputGradient: () => [placed(7), input('w', [7, 12]), { ...windows }],
  convolutionWeightGradient: () => [images(), placed(7), { ...windows }],
  copyFromHost: () => [x()],
  copyToHost: () => [x()],
  countSketch: () => [
    x(),
    { rows: 2, key: key(), balanced: true, order: integers([6], 'order'), blockRows: 3 },
  ],
  crossEntropy: () => [x(), integers([6], 'labels'), starts()],
  crossEntropyGradient: () => [...[x(), integers([6], 'labels'), input('dloss', []), starts()]],
  dequantize: () => [integers([24], 'codes'), integers([6, 1], 'ranges'), codes()],
  divide: () => [x(), x('y')],
  dropout: () => [x(), { rate: 0.1, key: key() }],
  exampleGradientNorms: () => [x(), x('y'), starts()],
  exponential: () => [x()],
  fewBitGelu: () => [x(), { bits: 3 }],
  fewBitGeluGradient: () => [
    integers([6], 'codes'),
    x('dy'),
    { bits: 3, values: new Float32Array(8) },
  ],
  gather: () => [x(), integers([3], 'indices'), { count: 2 }],
  gelu: () => [x()],
  geluGradient: () => [x(), x('dy')],
  linear: () => [
    x(),
    input('w', [5, 8]),
    vector(5, 'b'),
    { estimator: core.quantized({ bits: 2 }), key: key(), name: 'layer' },
  ],
  logarithm: () => [x()],
  matmul: () => [x(), input('w', [8, 5]), { transposeA: false, transposeB: false }],
  maxPooling: () => [images(), { ...windowed }],
  maxPoolingGradient: () => [images(), placed(2), { ...windows }],
  moveAverage: () => [vector(8, 'average'), vector(8, 'y'), { momentum: 0.1, factor: 1 }],
  multiply: () => [x(), x('y')],
  normalize: () => [x(), { epsilon: 1e-5 }],
  normalizeGradient: () => [x(), vector(6, 'inverse'), x('dy')],
  placesAtPixels: () => [placed(7), { ...windows }, 1],
  permuteAxes: () => [images(), [2, 0, 3, 1]],
  permutation: () => [6, key(), { segments: 1 }],
  projectFeatures: () => [x(), { features: 8, columns: 2, back: false, key: key() }],
  quantize: () => [x(), { bits: 4, group: 8, rotate: false, key: key() }],
  quantizedMatmul: () => [x('y'), integers([24], 'codes'), integers([6, 1], 'ranges'), codes()],
  rankRows: () => [vector(6, 'priorities')],
  relu: () => [x()],
  reluGradient: () => [integers([2], 'bits'), x('dy')],
  reshape: () => [x(), [8, 6]],
  rotateFeatures: () => [x(), { group: 8, inverse: false }],
  roundingVariance: () => [x(), { bits: 4, group: 8, rotate: false, dither: true }],
  rowSquaredNorms: () => [x()],
  sampleRows: () => [vector(6, 'weights'), { count: 2, key: key() }],
  scale: () => [x(), 2],
  scatterAdd: () => [x(), integers([6], 'indices'), 9],
  sketch: () => [
    x(),
    { kind: 'gaussian', rows: 2, key: key(), blocks: { rows: 3, order: integers([6], 'order') } },
  ],
  slice: () => [x(), { axis: 0, begin: 1, size: 2 }],
  softmax: () => [x()],
  sparseMatmul: () => [core.sparseMatrix(matrix(), 'symmetric'), x()],
  squareRoot: () => [x()],
  squaredNorm: () => [x()],
  subtract: () => [x(), x('y')],
  sum: () => [x(), { axis: 0, keepDimensions: false }],
  tanh: () => [x()],
  transformSketch: () => [x(), { transform: 'hadamard', rows: 2, key: key() }],
  transpose: () => [x()],
  uniformRows: () => [6, { count: 2, replacement: false, key: key() }],
  winnerRows: () => [vector(6, 'weights'), { count: 2, key: key() }],
  zeroRowsBehind: () => [x(), starts()],
};

/** What else is called within a trace. */
const BESIDE: typeof RIGHT = {
  backward: () => [
    core.squaredNorm(core.matmul(x(), parameter('w', [8, 2]))),
    [parameter('w', [8, 2])],
    () => {},
  ],
  checkpoint: () => [() => 1],
  constant: () => [new Float32Array(6), [2, 3]],
  inStage: () => ['update', () => 1],
  input: () => ['name', [2, 3], 'f32'],
  keepInput: () => [x(), { estimator: core.quantized({ bits: 2 }), key: key(), name: 'layer' }],
  newKey: () => [integers([2], 'key')],
  observe: () => ['name', x()],
  parameter: () => ['name', [2, 3]],
  persistent: () => ['name', [2, 3], 'parameter'],
  pixelNorms: () => [placed(7), { ...windows }],
  rebuildable: () => [() => 1],
  scope: () => ['name', () => 1],
  withData: () => [{ features: 'data.features' }, () => input('features', [2])],
  sparseMatrix: () => [matrix(), matrix(6, 'other')],
};

/** How many arguments there must be: a layer need have no bias, and all rows may be somebody's. */
const NEEDED: Readonly<Record<string, number>> = {
  ...{ linear: 2, convolution: 2, crossEntropy: 2, binaryCrossEntropy: 2 },
  ...{ batchNormalizeGradient: 3, crossEntropyGradient: 3, binaryCrossEntropyGradient: 3 },
};

describe('wrong arguments', () => {
  it('are tried of every op', () => {
    expect(Object.keys(RIGHT)).toEqual(expect.arrayContaining(libraryOperations()));
  });

  const all = Object.entries({ ...RIGHT, ...BESIDE });
  it.each(all)('of %s: an error that says so, or none', (name, right) => {
    const call = (change: (all: unknown[]) => unknown[]) =>
      trace(() => {
        // biome-ignore lint/suspicious/noExplicitAny: what callers without types can do
        (core as any)[name](...change(right()));
        return {};
      });
    expect(() => call((args) => args)).not.toThrow();
    let example: unknown[] = [];
    trace(() => {
      example = right();
      return {};
    });
    for (const { what, change, refused } of wrongCalls(example)) {
      let error: unknown;
      try {
        call(change);
      } catch (thrown) {
        error = thrown;
      }
      if (error !== undefined) expect(error, `${name}: ${what}`).toBeInstanceOf(SketchgradError);
      if (refused) expect(error, `${name}: ${what}`).toBeInstanceOf(UsageError);
    }
  });

  it.each(all)('of %s: none of another kind is taken', (name, right) => {
    // biome-ignore lint/suspicious/noExplicitAny: what callers without types can do
    const called = (core as any)[name];
    const needed = NEEDED[name] ?? called.length;
    const wrong = () =>
      wrongKinds(
        right().map((arg) => (isOptions(arg) ? new Options(arg) : arg)),
        needed,
      );
    let count = 1;
    for (let at = 0; at < count; at++) {
      let what = '';
      const call = () =>
        trace(() => {
          const calls = wrong();
          count = calls.length;
          what = calls[at]!.what;
          called(...calls[at]!.args);
          return {};
        });
      let error: unknown;
      try {
        call();
      } catch (thrown) {
        error = thrown;
      }
      expect(error, what).toBeInstanceOf(SketchgradError);
    }
  });

  it('are named, with their value and what would be accepted', () => {
    const wrong =
      (name: string, ...args: unknown[]) =>
      () =>
        trace(() => {
          // biome-ignore lint/suspicious/noExplicitAny: what callers without types can do
          (core as any)[name](...args.map((arg) => (typeof arg === 'function' ? arg() : arg)));
          return {};
        });
    for (const rows of [Number.NaN, undefined, 'x', Number.POSITIVE_INFINITY, 2.5, 0, 2 ** 31])
      expect(
        wrong('uniformRows', rows, () => ({ count: 2, replacement: false, key: key() })),
      ).toThrow(/^uniformRows's rows must be an integer from 1 to 2147483647, but it is /);
    expect(wrong('input', 'x', [6, 8], 'i64')).toThrow(
      "the dtype of 'x' must be one of f32, i32, but it is 'i64'",
    );
    expect(wrong('persistent', 'x', [6, 8], 'paramter')).toThrow(/\(did you mean 'parameter'\?\)/);
    expect(wrong('sketch', x, () => ({ kind: 'gausian', rows: 2, key: key() }))).toThrow(
      "sketch's kind must be one of gaussian, rademacher, but it is 'gausian' (did you mean 'gaussian'?)",
    );
    expect(wrong('normalize', x, { epsilon: '2' })).toThrow(
      "normalize's epsilon must be a number above 0, but it is '2'",
    );
    expect(wrong('dropout', x, { rate: 0.5 })).toThrow(
      "dropout's key must be a key, such as newKey(input('key', [2], 'i32')) gives, but it is undefined",
    );
    expect(wrong('dropout', x, () => ({ rate: 0.5, kye: key() }))).toThrow(
      "dropout has no option 'kye' (did you mean 'key'?); there are rate, key",
    );
    const fixed = () => ({ rate: 0.5, key: { value: integers([2], 'key'), stream: Number.NaN } });
    expect(wrong('dropout', x, fixed)).toThrow(/key\.stream must be a 32-bit integer, .* is NaN/);
    const w = () => input('w', [5, 8]);
    expect(wrong('linear', x, w, undefined, { estimator: 'rmm' })).toThrow(
      /^linear's estimator must be a gradient estimator, but it is 'rmm': pass rmm\(/,
    );
    expect(wrong('sum', 3)).toThrow(/^sum: x must be a value of a graph, .* but it is 3$/);
  });
});
