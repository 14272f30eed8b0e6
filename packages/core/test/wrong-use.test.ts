import { describe, expect, it } from 'vitest';
import * as core from '../src/index.js';
import * as reference from '../src/reference/index.js';

// What callers without types can pass.
// biome-ignore lint/suspicious/noExplicitAny: that is what this is about
const untyped = { ...core, ...reference } as any;
const { UsageError, gaussian } = core;
const { moments } = reference;

describe('estimators and sketches refuse', () => {
  it.each<[string, unknown[], RegExp]>([
    ['gaussian', [{ blockrows: 4 }], /^gaussian has no option 'blockrows' \(did you mean/],
    ...['gaussian', 'rademacher', 'count', 'dct', 'dft', 'hadamard'].flatMap(
      (name): [string, unknown[], RegExp][] => [
        [name, [{ blockRows: 0 }], /blockRows must be an integer of at least 1, but it is 0/],
        [name, [{ blockRows: '64' }], /blockRows must be an integer .* but it is '64'/],
        [name, [null], new RegExp(`^${name} takes its options as an object, .* but they are null`)],
      ],
    ),
    ['rmm', [], /^rmm takes its options as an object, \{ sketch, rate, centred \}/],
    [
      'rmm',
      [{ sketch: 'gaussian', rate: 0.1 }],
      /^rmm's sketch must be a sketch, such as gaussian/,
    ],
    ['rmm', [{ sketch: gaussian(), rate: '0.1' }], /^the rate must be above 0 and at most 1/],
    ['rmm', [{ sketch: gaussian(), rate: 0.1, blockRows: 4 }], /^rmm has no option 'blockRows'/],
    ['wtaCrs', [{ rate: 0.1, by: 'norm' }], /^wtaCrs has no option 'by'; there is rate/],
    ['rows', [], /^rows takes its options as an object, \{ rate, by, replacement \}/],
    ['quantized', [{ bits: 3, rotat: false }], /^quantized has no option 'rotat' \(did you mean/],
    ['quantized', [3], /^quantized takes its options as an object, .* but they are 3/],
    ['exact', [{ bits: 5 }], /bits/],
  ])('%s(%j)', (name, all, message) => {
    expect(() => untyped[name](...all)).toThrow(UsageError);
    expect(() => untyped[name](...all)).toThrow(message);
  });
});

describe('flags, counts and priorities that are none', () => {
  const found = moments([1, 2, 3, 4], [1, 2], 2);
  it.each<[string, () => unknown, RegExp]>([
    ...[1.5, '2', true].map((projection): [string, () => unknown, RegExp] => [
      `a projection of ${projection}`,
      () => untyped.exact({ bits: 2, projection }),
      /^exact's projection must be an integer of at least 1, but it is /,
    ]),
    [
      'replacement',
      () => untyped.rows({ by: 'uniform', rate: 0.5, replacement: 'false' }),
      /^rows's replacement must be true or false, but it is 'false'/,
    ],
    ['by', () => untyped.rows({ by: 'norms', rate: 0.5 }), /one of uniform, .* mean 'norm'/],
    ['rotate', () => untyped.quantized({ bits: 3, rotate: 'no' }), /rotate must be true or false/],
    [
      'rotate of a sketch',
      () => untyped.rmmQuantized({ sketch: gaussian(), rate: 0.5, bits: 4, rotate: 0 }),
      /rotate must be true or false, but it is 0/,
    ],
    ['balanced', () => untyped.count({ balanced: 'false' }), /balanced must be true or false/],
    ['replacement of rows', () => untyped.dct({ replacement: 1 }), /replacement must be true or/],
    ['a group', () => untyped.quantized({ bits: 3, group: 1e12 }), /the group must be an integer/],
    ...[[1], [Number.NaN, 1], [-1, 1]].flatMap((priorities): [string, () => unknown, RegExp][] =>
      [
        core.rows({ by: 'optimal', rate: 0.5 }),
        core.quantized({
          bits: [
            { bits: 2, share: 0.5 },
            { bits: 4, share: 0.5 },
          ],
        }),
      ].map((estimator) => [
        `${estimator.name} with priorities ${priorities}`,
        () => estimator.variance(found, priorities),
        /^priorities must be a number for each of 2 rows|^priorities\[0\] must be a finite/,
      ]),
    ),
    ['bits', () => untyped.leastVarianceBits([1, 2], '2'), /an average of '2' bits is no number/],
    ['no sizes', () => untyped.publishedComplexity({}), /publishedComplexity's rows must be an/],
    [
      'a misspelt size',
      () => untyped.publishedComplexity({ rows: 4, inputs: 3, outputs: 2, sketchRow: 2 }),
      /no option 'sketchRow' \(did you mean 'sketchRows'\?\)/,
    ],
    ...['2', 1.5, 0].map((arenaBytes): [string, () => unknown, RegExp] => [
      `an arena of ${arenaBytes}`,
      () => untyped.createReferenceBackend({ arenaBytes }),
      /^arenaBytes must be a whole number above 0/,
    ]),
  ])('%s', (_, call, message) => {
    expect(call).toThrow(UsageError);
    expect(call).toThrow(message);
  });
});

describe('numbers that are none, or beyond what there is', () => {
  const found = moments([1, 2, 3, 4], [1, 2], 2);
  const graph = core.trace(() => ({ y: core.relu(core.input('x', [2])) }));
  it.each<[string, unknown[], string]>([
    [
      'keptRows',
      ['100', 0.1],
      "keptRows: rows must be an integer from 0 to 2147483647, but it is '100'",
    ],
    [
      'keptRows',
      [Number.NaN, 0.1],
      'keptRows: rows must be an integer from 0 to 2147483647, but it is NaN',
    ],
    ['keptRows', [100, 2], 'the rate must be above 0 and at most 1, not 2'],
    ['formatBytes', ['x'], "formatBytes: bytes must be a finite number ≥ 0, but it is 'x'"],
    ['formatBytes', [-1], 'formatBytes: bytes must be a finite number ≥ 0, but it is -1'],
    [
      'threefry2x32',
      [0, Number.NaN, 0, 0],
      "threefry2x32's key1 must be a 32-bit integer, from -2147483648 to 4294967295, but it is NaN",
    ],
    ['threefry2x32', [0, 0, 0, 2 ** 32], "threefry2x32's counter1 must be a 32-bit integer"],
    [
      'randomBlock',
      [0, 0, 0, -1],
      "randomBlock's block must be a whole number from 0 to 2⁵³, but it is -1",
    ],
    [
      'gaussianIndex',
      [0, 0, 5],
      "gaussianIndex's slot must be an integer from 0 to 4, but it is 5",
    ],
    ['uniform', ['x'], "uniform's word must be a 32-bit integer"],
    ['theoremTerms', [found, 1, '1'], "a sketch's rows must be a number above 0, but it is '1'"],
    ['theoremTerms', [found, -1, 1], 'D²_RMM must be a number ≥ 0, but it is -1'],
    [
      'publishedRmmVariance',
      [found, '2'],
      "a sketch's rows must be a number above 0, but it is '2'",
    ],
    [
      'planMemory',
      [graph, { scratchByte: () => 0 }],
      "planMemory has no option 'scratchByte' (did you mean",
    ],
    [
      'planMemory',
      [graph, { scratchBytes: 64 }],
      "planMemory's scratchBytes must be a function, but it is 64",
    ],
    [
      'planMemory',
      [graph, { alignment: 64, maxBufferBytes: 100 }],
      "planMemory's maxBufferBytes must be a multiple of the alignment, 64, but it is 100",
    ],
    [
      'planMemory',
      [graph, { maxBufferBytes: 0 }],
      "planMemory's maxBufferBytes must be a number above 0, but it is 0",
    ],
    [
      'planMemory',
      [graph, { mayOverwrite: () => 'no' }],
      "what mayOverwrite gives for 'relu' must be true or false, but it is 'no'",
    ],
    [
      'planMemory',
      [graph, { storageBytes: () => -1 }],
      'what storageBytes gives for f32 [2] must be a finite number ≥ 0, but it is -1',
    ],
    [
      'planMemory',
      [graph, { scratchBytes: () => Number.NaN }],
      "what scratchBytes gives for 'relu' must be a finite number ≥ 0, but it is NaN",
    ],
    [
      'defineOp',
      [{ name: 'own', infer: () => [], vjp: 'none', flops: () => 0, updates: [0] }],
      "defineOp's updates must be pairs [output, input] of numbers, but one is 0",
    ],
    [
      'checkMemory',
      [core.planMemory(graph), '64'],
      "checkMemory: memoryBytes must be a number ≥ 0, but it is '64'",
    ],
    [
      'elements',
      [{ shape: [2, -1], dtype: 'f32' }],
      'sizes must be whole numbers ≥ 0, not [2, -1]',
    ],
    [
      'uniformRowsVariance',
      [found, 3, false],
      'of 2 rows at most as many are drawn without replacement, not 3',
    ],
    ['basisFourthPowers', ['dct', 6], 'the length of a basis must be a power of two, but it is 6'],
    [
      'winnerRowsVariance',
      [found, [1, 1], { count: 1, others: [0, 1], gradientNorm: 1 }],
      '1 winners leave no place of 1 to the 1 others',
    ],
    [
      'orthonormalRowsVariance',
      [found, 1, { transform: 'dtc', length: 2, replacement: true }],
      "(did you mean 'dct'?)",
    ],
  ])('%s(%j)', (name, all, message) => {
    expect(() => untyped[name](...all)).toThrow(message);
    expect(() => untyped[name](...all)).toThrow(core.SketchgradError);
  });

  it('the shape of an estimator', () => {
    // biome-ignore lint/suspicious/noExplicitAny: what callers without types can pass
    const bytes = core.dense().bytes as any;
    expect(() => bytes(['2', 3])).toThrow(
      "dense: rows must be an integer from 0 to 2147483647, but it is '2'",
    );
    expect(() => bytes('ab')).toThrow(
      "dense: bytes takes a shape, [rows, inputs], but it is given 'ab'",
    );
  });
});

describe('what is no graph, plan or moments', () => {
  const graph = core.trace(() => ({ y: core.relu(core.input('x', [2])) }));
  const nonsense = [undefined, null, 3, 'x', {}, [], () => 1];
  it.each<[string, (wrong: unknown) => unknown]>([
    ['planMemory', (wrong) => untyped.planMemory(wrong)],
    ['planWithin', (wrong) => untyped.planWithin(wrong, { arenaBytes: 64 })],
    ["planWithin's options", (wrong) => untyped.planWithin(graph, wrong)],
    ['spill', (wrong) => untyped.spill(wrong, { arenaBytes: 64 })],
    ["spill's options", (wrong) => untyped.spill(graph, wrong)],
    ['mergeEqual', (wrong) => untyped.mergeEqual(wrong)],
    ['recompute', (wrong) => untyped.recompute(wrong, 'cheap')],
    ['compressKept', (wrong) => untyped.compressKept(wrong, { norm: 8 })],
    ['graphCost', (wrong) => untyped.graphCost(wrong)],
    ['printGraph', (wrong) => untyped.printGraph(wrong)],
    ['printPlan', (wrong) => untyped.printPlan(wrong)],
    ['checkMemory', (wrong) => untyped.checkMemory(wrong, 64)],
    ['theoremTerms', (wrong) => untyped.theoremTerms(wrong, 1, 1)],
    ['sgdVariance', (wrong) => untyped.sgdVariance(wrong)],
    ['sgdVarianceByExample', (wrong) => untyped.sgdVarianceByExample(wrong)],
    ['probed', (wrong) => untyped.probed(wrong)],
    [
      "probed's estimators",
      (estimators) => untyped.probed({ layer: 'l', estimators: [estimators] }),
    ],
    ['moments', (wrong) => untyped.moments(wrong === undefined ? null : wrong, [1], 'x')],
  ])('%s', (_, call) => {
    for (const wrong of nonsense) expect(() => call(wrong), String(wrong)).toThrow(UsageError);
  });
});
