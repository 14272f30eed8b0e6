import { describe, expect, it } from 'vitest';
import * as core from '../src/index.js';
import * as reference from '../src/reference/index.js';
import {
  type Called,
  found,
  half,
  key,
  layer,
  METHODS_OF_VALUES,
} from './support/estimators-and-sketches.js';
import { libraryOperations, OF_TEST } from './support/library-operations.js';
import { Options, rightCall, wrongKinds } from './support/wrong-kinds.js';

const graph = core.trace(() => {
  const w = core.parameter('w', [2, 3]);
  const loss = core.squaredNorm(core.matmul(core.input('x', [4, 3]), w, { transposeB: true }));
  return { loss };
});
const value = Object.values(graph.outputs)[0]!;
const plan = core.planMemory(graph);
const outputs = {
  'probe.xNorms.layer': Float32Array.of(1, 2),
  'probe.yNorms.layer': Float32Array.of(3, 4),
  'probe.gradientNorm.layer': Float32Array.of(2),
  'probe.error.0.0.layer': Float32Array.of(2),
};
const type = { shape: [2, 3], dtype: 'f32' };
const options = (members: Record<string, unknown>) => new Options(members);

const transformed = core.trace(() => {
  const key = core.newKey(core.input('key', [2], 'i32'));
  const options = {
    transform: 'hadamard',
    rows: 2,
    key,
    chosen: core.permutation(4, key),
  } as const;
  return { y: core.transformSketch(core.input('x', [4, 2]), options) };
}).outputs.y!.node;

const state = reference.createReferenceBackend().createState();
await state.allocate({ w: { shape: [2], dtype: 'f32' } });

/** What a backend says of its device. */
const DEVICE = {
  ...{ alignment: 64, maxBufferBytes: 6400, mayOverwrite: () => true },
  ...{ scratchBytes: () => 64, storageBytes: () => 64, apart: true },
};

/** Right arguments of what is called outside a trace. */
const RIGHT: Readonly<Record<string, readonly unknown[]>> = {
  alignUp: [3, 4],
  attentionSizes: [
    [
      { shape: [4, 6], dtype: 'f32' },
      { shape: [3], dtype: 'i32' },
      { shape: [4], dtype: 'i32' },
      { shape: [2], dtype: 'i32' },
    ],
    { heads: 1, longest: 2, threshold: 0, stream: 0 },
  ],
  balancedCountVariance: [found, 2, 2],
  basisFourthPowers: ['dct', 8],
  blockedVariance: [found, 2, 2, () => 1],
  byteLength: [options(type)],
  checkedMoments: [found],
  checkMemory: [plan, 1e9],
  compressKept: [graph, options({ norm: 8, attention: 4 })],
  correctedBound: [found],
  correlation: [found],
  count: [options({ blockRows: 2, balanced: true })],
  createReferenceBackend: [options({ precision: 'f32', arenaBytes: 64, memoryBytes: 64 })],
  dct: [options({ blockRows: 2, replacement: true })],
  dft: [options({ blockRows: 2, replacement: true })],
  blockCount: [4, 2, 2],
  diagonalBlocks: [4, 2, 2],
  drawnRowsVariance: [found, [1, 2, 3, 4], 2],
  elements: [options(type)],
  estimatorOf: [half, options({ name: layer, rows: 4, inputs: 2, outputs: 1 })],
  exact: [options({ bits: 2, projection: 8, group: 128, dither: true })],
  expectKeptRow: [half, 4],
  extraFlops: [graph, graph],
  formatBytes: [3],
  formatType: [options(type)],
  gaussian: [options({ blockRows: 2 })],
  gaussianIndex: [1, 2, 3],
  graphCost: [graph],
  hadamard: [options({ blockRows: 2, replacement: true })],
  independentEntriesVariance: [found, 2, 3],
  isLeaf: [value.node],
  isPersistent: [value],
  keptRows: [100, 0.1],
  loadBackend: ['reference', options({ precision: 'f32' })],
  leastVarianceBits: [[1, 2], 2, [2, 4]],
  matmulSizes: [[type, type], options({ transposeA: false, transposeB: true })],
  mergeEqual: [graph],
  moments: [[1, 2, 3, 4], [1, 2], 2, options({ onWarning: () => undefined })],
  orthonormalRowsVariance: [found, 2, options({ transform: 'dct', length: 4, replacement: true })],
  partBegin: [7, 3, 1],
  planMemory: [graph, options(DEVICE)],
  planWithin: [graph, options({ arenaBytes: 1e6, ...DEVICE })],
  printGraph: [graph],
  printPlan: [plan],
  poolingSizes: [
    [
      { shape: [2, 2], dtype: 'f32' },
      { shape: [4, 4], dtype: 'f32' },
      { shape: [3], dtype: 'i32' },
      { shape: [4], dtype: 'i32' },
      { shape: [2], dtype: 'i32' },
    ],
    { heads: 1, longest: 2, threshold: 0, stream: 0 },
  ],
  priorityInput: [layer],
  probed: [
    options({
      layer,
      estimators: [half],
      trained: half,
      measured: 1,
      draws: 1,
      drawKey: value,
      matrices: true,
    }),
  ],
  probedErrors: [outputs, layer, 0],
  probedMoments: [outputs, options({ layer, inputs: 2, estimators: [half] })],
  probeOutputs: [layer],
  publishedBound: [found],
  publishedBoundHolds: [found],
  publishedComplexity: [options({ rows: 4, inputs: 3, outputs: 2, sketchRows: 2 })],
  publishedRmmVariance: [found, 2],
  quantized: [options({ bits: 3, group: 128, rotate: true, dither: true })],
  rademacher: [options({ blockRows: 2 })],
  randomBlock: [1, 2, 3, 4],
  rankedLayers: [[{ name: 'rowPriorities.layer' }]],
  takesKey: [[{ name: 'key' }]],
  readFloats: [state, 'w', options({ offset: 0, count: 1 })],
  recompute: [graph, 'cheap'],
  rmm: [options({ sketch: core.gaussian(), rate: 0.5, centred: true })],
  rmmQuantized: [
    options({
      ...{ sketch: core.gaussian(), rate: 0.5, bits: 4, group: 128 },
      ...{ rotate: true, dither: true },
    }),
  ],
  rootOf: [value],
  rowNormOutput: [layer],
  rows: [options({ rate: 0.5, by: 'uniform', replacement: true })],
  sameShape: [
    [2, 3],
    [2, 3],
  ],
  sentenceShape: [2, 3],
  sgdVariance: [found],
  sgdVarianceByExample: [found],
  spill: [graph, options({ arenaBytes: 1e6, ...DEVICE })],
  theoremTerms: [found, 1, 1],
  threefry2x32: [1, 2, 3, 4],
  transformSizes: [options(type), 2, 2],
  uniform: [3],
  uniformRowsVariance: [found, 2, true],
  varianceRatio: [found, 1, 1],
  winnerRowsVariance: [
    found,
    [1, 2, 3, 4],
    options({ count: 2, others: [1, 1, 1, 1], gradientNorm: 2 }),
  ],
  wtaCrs: [options({ rate: 0.5 })],
  warn: ['a text'],
  windowsOver: [
    { shape: [2, 4, 5, 2], dtype: 'f32' },
    options({ size: [2, 3], strides: [1, 1], padding: 'valid', dilation: [1, 1] }),
  ],
};

/** Arguments that may be undefined though others follow or the signature has them. */
const MAY_LACK: Readonly<Record<string, number>> = {
  ...{ readFloats: 2 },
  ...{
    balancedCountVariance: 2,
    blockCount: 2,
    blockedVariance: 2,
    diagonalBlocks: 2,
    transformSizes: 2,
  },
};

/** What is tried within a trace, in ops/wrong-use.test.ts. */
const TRACED = [
  ...libraryOperations(),
  ...['backward', 'batchNormalizeWith', 'checkpoint', 'constant', 'inStage', 'input', 'keepInput'],
  ...['newKey', 'observe', 'parameter', 'persistent', 'pixelNorms', 'rebuildable', 'scope'],
  ...['sparseMatrix', 'trace', 'withData'],
];

/** What says that something is wrong, takes no arguments, or is a class. */
const BESIDE =
  /^(check[A-Z]\w*|describeValue|nearName|dense|\w*Error|Value|operations|gaussianTable|gaussianKurtosis)$/;

let ops = 0;
/** Methods, and functions whose arguments need preparation: what is called, and right arguments. */
const METHODS: Readonly<Record<string, readonly [Called, readonly unknown[]]>> = {
  defineOp: [
    (definition: core.OpDefinition) =>
      core.defineOp(
        definition?.name === `${OF_TEST}Own`
          ? { ...definition, name: `${OF_TEST}Own${ops++}` }
          : definition,
      ),
    [
      options({
        ...{ name: `${OF_TEST}Own`, infer: () => [], vjp: () => [], flops: () => 0 },
        ...{ overwrites: [0], views: [[0, 0]], updates: [[0, 0]] },
      }),
    ],
  ],
  transformInputs: [
    (node: typeof transformed) => core.transformInputs(node, ['x', 'key', 'chosen']),
    [transformed],
  ],
  'transformInputs (of)': [
    (of: unknown) =>
      core.transformInputs(transformed, of === key ? ['x', 'key', 'chosen'] : (of as [])),
    [key],
  ],
  'terms of moments': [
    (of: core.GradientEstimator) => found.terms(of),
    [core.quantized({ bits: 2 })],
  ],
  ...METHODS_OF_VALUES,
};

describe('what is of another kind is refused, by a typed error', () => {
  // What callers without types can do.
  // biome-ignore lint/suspicious/noExplicitAny: that is what this is about
  const functions = { ...core, ...reference } as any;

  it('is tried of every function', () => {
    const tried = new Set([...Object.keys(RIGHT), ...Object.keys(METHODS), ...TRACED]);
    const others = Object.keys(functions).filter(
      (name) => typeof functions[name] === 'function' && !tried.has(name) && !BESIDE.test(name),
    );
    expect(others).toEqual([]);
  });

  it.each(Object.entries(RIGHT))(
    'is tried of the methods of what %s makes',
    async (name, right) => {
      const made = await functions[name](...rightCall(right));
      const methods = Object.keys(made ?? {}).filter((key) => ['keep', 'apply'].includes(key));
      const tried = Object.keys(METHODS).map((key) => key.split(' ')[0]);
      for (const method of methods) expect(tried.includes(`${made.name}.${method}`)).toBe(true);
    },
  );

  const all = [
    ...Object.entries(RIGHT).map(
      ([name, right]) =>
        [name, functions[name], right, MAY_LACK[name] ?? functions[name].length] as const,
    ),
    ...Object.entries(METHODS).map(
      ([name, [called, right]]) => [name, called, right, right.length] as const,
    ),
  ];
  it.each(all)('by %s', async (_, called, right, needed) => {
    await called(...(rightCall(right) as never[]));
    for (const { what, args } of wrongKinds(right, needed)) {
      const refused = (async () => called(...(args as never[])))();
      await expect(refused, what).rejects.toBeInstanceOf(core.SketchgradError);
    }
  });
});
