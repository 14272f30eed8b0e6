import { checkEstimator, input, keepInput, trace, UsageError } from '@sketchgrad/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildEstimator,
  byValue,
  ESTIMATORS,
  type EstimatorSpec,
  formatEstimator,
  parseEstimator,
  SETTINGS,
  type SettledEstimator,
  settleEstimator,
} from '../../src/language/index.js';
import { ROW_CHOICES, SKETCHES } from '../../src/language/settings.js';

const rate = fc.double({ min: 1e-6, max: 1, noNaN: true });
const count = fc.integer({ min: 1, max: 4096 });
const bits = fc.oneof(
  fc.constantFrom(1, 2, 3, 4, 8),
  fc.double({ min: 1, max: 8, noNaN: true }).map((average) => `mixed:${average}`),
);
const values = {
  sketch: fc.constantFrom(...SKETCHES),
  rate,
  rowsBy: fc.constantFrom(...ROW_CHOICES),
  blockRows: count,
  replacement: fc.constant(true),
  bits,
  group: count,
  projection: count,
  rotate: fc.constant(false),
  centred: fc.constant(true),
  dither: fc.constant(false),
};

/** Any estimator with any of its settings. */
const specs: fc.Arbitrary<EstimatorSpec> = fc.constantFrom(...ESTIMATORS).chain((estimator) => {
  const own = Object.fromEntries(SETTINGS[estimator].map((name) => [name, values[name]]));
  return fc
    .record(own, { requiredKeys: [] })
    .map((settings) => ({ estimator, ...settings }) as EstimatorSpec);
});

it.each(ESTIMATORS)('core says how %s is made, to who gives its name for it', (name) => {
  expect(() => checkEstimator('estimator', name)).toThrow(/: pass \w+\(/);
});

describe('the syntax of estimators', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        expect(parseEstimator(formatEstimator(spec))).toEqual(spec);
      }),
    );
  });

  it('takes settings in any order', () => {
    fc.assert(
      fc.property(specs, fc.infiniteStream(fc.nat()), (spec, numbers) => {
        const [name, ...parts] = formatEstimator(spec).split(/:(?![\d.e-]+(?<=mixed:[\d.e-]+))/);
        // A rate comes before bits, and all else anywhere.
        const isNumber = (part: string) => /^[\d.]|^mixed/.test(part);
        const mixed = parts.filter((part) => !isNumber(part));
        for (const part of parts.filter(isNumber).reverse()) {
          const last = mixed.findIndex(isNumber);
          const limit = last < 0 ? mixed.length : last;
          mixed.splice(numbers.next().value! % (limit + 1), 0, part);
        }
        expect(parseEstimator([name, ...mixed].join(':'))).toEqual(spec);
      }),
    );
  });

  it('refuses what it does not know with a word on what it does, and never otherwise', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'rm:=.0123-eabnosxw, ') }),
        fc.constantFrom('', ...ESTIMATORS.map((name) => `${name}:`)),
        (text, prefix) => {
          try {
            parseEstimator(prefix + text);
          } catch (error) {
            expect(error).toBeInstanceOf(UsageError);
          }
        },
      ),
    );
  });

  it.each([
    ['rmm', { estimator: 'rmm' }],
    ['rmm:count:0.1', { estimator: 'rmm', sketch: 'count', rate: 0.1 }],
    ['rmm:0.1:count', { estimator: 'rmm', sketch: 'count', rate: 0.1 }],
    ['quantized:3', { estimator: 'quantized', bits: 3 }],
    ['rmm:count:0.1:centred', { estimator: 'rmm', sketch: 'count', rate: 0.1, centred: true }],
    ['quantized:mixed:2.5:no-rotate', { estimator: 'quantized', bits: 'mixed:2.5', rotate: false }],
    ['exact:2:no-dither', { estimator: 'exact', bits: 2, dither: false }],
    ['exact:2:projection=4', { estimator: 'exact', bits: 2, projection: 4 }],
    [
      'rmm-quantized:count:0.5:4',
      { estimator: 'rmm-quantized', sketch: 'count', rate: 0.5, bits: 4 },
    ],
    ['rmm:block-rows=128', { estimator: 'rmm', blockRows: 128 }],
    [
      'rows:norm:0.2:replacement',
      { estimator: 'rows', rowsBy: 'norm', rate: 0.2, replacement: true },
    ],
  ])('reads %s', (text, expected) => {
    expect(parseEstimator(text)).toEqual(expected);
  });
});

describe('an estimator with all its settings', () => {
  it('has its own before those of the options, and these before the defaults', () => {
    const chosen = (text: string, options = {}) => settleEstimator(parseEstimator(text), options);
    expect(chosen('dense', { rate: 0.5 })).toEqual({
      estimator: 'dense',
      sketch: null,
      rate: null,
    });
    expect(chosen('rmm')).toEqual({ estimator: 'rmm', sketch: 'gaussian', rate: 0.1 });
    expect(chosen('rmm:0.3', { rate: 0.5, sketch: 'count', blockRows: undefined })).toEqual({
      estimator: 'rmm',
      sketch: 'count',
      rate: 0.3,
    });
  });

  it('draws rows of a basis with replacement where it is told, and no others', () => {
    const chosen = (text: string) =>
      settleEstimator(parseEstimator(text), { replacement: true, sketch: 'dct' });
    expect(chosen('rmm')).toMatchObject({ sketch: 'dct', replacement: true });
    expect(chosen('rmm:count')).not.toHaveProperty('replacement');
    expect(chosen('rows:norm')).toMatchObject({ replacement: true });
  });

  it('can be built whatever they are, or says why not', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        try {
          const { name } = buildEstimator(settleEstimator(spec, {}));
          expect(name).toContain(spec.estimator.split('-')[0]);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });
});

/** What an estimator computes, as a graph. */
const operations = (choice: SettledEstimator) =>
  trace(() => {
    const estimator = buildEstimator(choice);
    const key = { value: input('key', [2], 'i32'), stream: 0 };
    const { kept, key: own } = keepInput(input('x', [64, 256]), { estimator, key, name: 'layer' });
    return { gradient: estimator.weightGradient(kept, input('y', [64, 8]), own, 256) };
  }).nodes;

it.each([
  ['rmm:0.5', 'rmm:gaussian:0.5'],
  ['rmm:rate=0.5', 'rmm:gaussian:0.5'],
  ['rmm:gaussian:0.50', 'rmm:gaussian:0.5'],
  ['rmm:0.5:centred', 'rmm:gaussian:0.5:centred'],
  ['rmm:hadamard:0.5:replacement', 'rmm:hadamard:0.5:replacement'],
  ['rows:norm:0.1:replacement', 'rows:norm:0.1'],
  ['rows:uniform:0.1:replacement', 'rows:uniform:0.1:replacement'],
  ['quantized:3:group=128', 'quantized:3'],
  ['quantized:3:group=64', 'quantized:3:group=64'],
  ['quantized:no-rotate', 'quantized:3:no-rotate'],
  ['quantized:no-dither', 'quantized:3:no-dither'],
  ['quantized:mixed:3.20', 'quantized:mixed:3.2'],
  ['exact:2:projection=8:group=128', 'exact:2'],
  ['exact:projection=4', 'exact:2:projection=4'],
  ['wta-crs', 'wta-crs:0.1'],
  ['dense', 'dense'],
])('%s is %s by value', (typed, value) => {
  const choice = byValue(settleEstimator(parseEstimator(typed), {}));
  expect(formatEstimator(choice)).toBe(value);
  // To compute the same is what it means.
  expect(operations(choice)).toEqual(operations(settleEstimator(parseEstimator(typed), {})));
  const { sketch, rate: none } = choice;
  expect(choice).toEqual({ ...parseEstimator(value), sketch, rate: none });
});

it.each(['quantized:3', 'rmm-quantized:count:0.5:4', 'exact:2'])(
  '%s is another estimator without rotation, and where codes are read as they are',
  (text) => {
    const made = (typed: string) => operations(settleEstimator(parseEstimator(typed), {}));
    expect(made(`${text}:no-dither`)).not.toEqual(made(text));
    if (!text.startsWith('exact')) expect(made(`${text}:no-rotate`)).not.toEqual(made(text));
  },
);
