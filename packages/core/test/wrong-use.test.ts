import { describe, expect, it } from 'vitest';
import * as core from '../src/index.js';

// What callers without types can pass.
// biome-ignore lint/suspicious/noExplicitAny: that is what this is about
const untyped = core as any;
const { UsageError, gaussian } = core;

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
    ['rmm', [], /^rmm takes its options as an object, \{ sketch, rate \}/],
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
  const found = core.moments([1, 2, 3, 4], [1, 2], 2);
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
        /^priorities must be a number for each of 2 rows|^the priority of row 0 must be a finite/,
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
