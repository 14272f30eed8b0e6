import {
  count,
  dct,
  gaussian,
  quantized,
  rmm,
  rmmQuantized,
  rows,
  UsageError,
} from '@sketchgrad/core';
import { describe, expect, test } from 'vitest';
import { mixedBits } from '../../src/budget/mixed-bits.js';
import {
  buildEstimator,
  buildWay,
  formatWay,
  parseSetting,
  parseWay,
  parseWays,
  settleEstimator,
} from '../../src/language/index.js';

describe('a way', () => {
  const plain = {
    ...{ estimator: { estimator: 'dense' }, everyLayer: false, keep: {}, recompute: 'cheap' },
  };

  test.for([
    ['dense', plain],
    ['  dense   block ', { ...plain, recompute: 'block' }],
    [
      'rmm:count:0.5 every-layer norm=8,gelu=3 none',
      {
        estimator: { estimator: 'rmm', sketch: 'count', rate: 0.5 },
        ...{ everyLayer: true, keep: { norm: 8, gelu: 3 }, recompute: 'none' },
      },
    ],
    [
      'rmm norm=4 every-layer',
      { ...plain, estimator: { estimator: 'rmm' }, everyLayer: true, keep: { norm: 4 } },
    ],
  ] as const)('%s is read, its words in any order', ([text, way]) => {
    expect(parseWay(text)).toEqual(way);
  });

  test.for([
    ['dense block none', "says 'recompute' twice"],
    ['dense every-layer every-layer', "says 'every-layer' twice"],
    ['dense norm=8 gelu=3', "says 'keep' twice"],
    ['dense norm=8 every-layer', "every-layer has no use in 'dense norm=8 every-layer'"],
    ['dense else', "'else' in 'dense else' is none of every-layer"],
  ] as const)('%s is refused', ([text, message]) => {
    expect(() => parseWay(text)).toThrow(message);
  });

  test('is written as it is typed, without what is as usual', () => {
    for (const text of ['dense', 'rmm:count:0.5 every-layer norm=8 block', 'dense gelu=3 none'])
      expect(formatWay(parseWay(text))).toBe(text);
    expect(formatWay(parseWay('dense cheap'))).toBe('dense');
  });

  test('may stand beside others, once', () => {
    expect(parseWays('dense; dense block;rmm').map(formatWay)).toEqual([
      ...['dense', 'dense block', 'rmm'],
    ]);
    expect(() => parseWays('rmm; dense; dense cheap')).toThrow("'dense' comes twice");
  });
});

describe('a setting', () => {
  test.for([
    ['rate', '1', 1],
    ['rate', '1e-3', 0.001],
    ['bits', '8', 8],
    ['bits', 'mixed:1', 'mixed:1'],
    ['bits', 'mixed:8', 'mixed:8'],
    ['bits', 'mixed:2.5', 'mixed:2.5'],
    ['group', '1', 1],
    ['group', '128', 128],
    ['sketch', 'dct', 'dct'],
    ['rowsBy', 'optimal', 'optimal'],
  ] as const)('%s %s is %s', ([setting, text, value]) => {
    expect(parseSetting(setting, text)).toBe(value);
  });

  test.for([
    ['rate', '0'],
    ['rate', '1.001'],
    ['rate', '-0.5'],
    ['rate', ''],
    ['bits', '5'],
    ['bits', '16'],
    ['bits', 'mixed:0.9'],
    ['bits', 'mixed:8.1'],
    ['bits', 'mixed:3x'],
    ['bits', 'xmixed:3'],
    ['bits', 'mixed:1.2.3'],
    ['group', '0'],
    ['group', '1.5'],
    ['group', '9007199254740993'],
    ['sketch', 'norm'],
    ['rowsBy', 'dct'],
  ] as const)('%s %j is refused', ([setting, text]) => {
    expect(() => parseSetting(setting, text)).toThrow(UsageError);
  });
});

test('estimators are built as they are told', () => {
  const built = (text: string) =>
    buildEstimator(settleEstimator(parseWay(text).estimator, {})) as unknown as {
      name: string;
      bytes(shape: readonly number[]): number;
    };
  const shape = [60, 40] as const;
  for (const [text, estimator] of [
    ['rmm:gaussian:0.5:block-rows=12', rmm({ sketch: gaussian({ blockRows: 12 }), rate: 0.5 })],
    ['rmm:dct:0.2:replacement', rmm({ sketch: dct({ replacement: true }), rate: 0.2 })],
    ['rmm:count:0.2:centred', rmm({ sketch: count(), rate: 0.2, centred: true })],
    ['rows:uniform:0.2', rows({ rate: 0.2, by: 'uniform' })],
    ['rows:uniform:0.2:replacement', rows({ rate: 0.2, by: 'uniform', replacement: true })],
    ['rows:optimal:0.7', rows({ rate: 0.7, by: 'optimal' })],
    ['quantized:2:group=8:no-rotate', quantized({ bits: 2, group: 8, rotate: false })],
    ['quantized:2:no-dither', quantized({ bits: 2, dither: false })],
    ['quantized:mixed:3', quantized({ bits: mixedBits(3) })],
    [
      'rmm-quantized:gaussian:0.5:4:group=8',
      rmmQuantized({ sketch: gaussian(), rate: 0.5, bits: 4, group: 8 }),
    ],
  ] as const) {
    expect(built(text).name, text).toBe(estimator.name);
    expect(built(text).bytes(shape), text).toBe(estimator.bytes(shape));
  }
  for (const text of ['exact:mixed:3', 'rmm-quantized:0.5:mixed:3'])
    expect(() => built(text), text).toThrow(/takes 1, 2, 3, 4 or 8 bits, not 'mixed:3'/);
  expect(() => built('rmm:count:0.5:replacement')).toThrow(/draws no rows/);
});

test('a way is made options of training, dense their absence', () => {
  const usual = { keep: {}, recompute: 'cheap' };
  expect(buildWay(parseWay('dense'))).toEqual(usual);
  expect(buildWay(parseWay('dense gelu=3 block'))).toEqual({
    ...{ keep: { gelu: 3 }, recompute: 'block' },
  });
  const { estimator, ...others } = buildWay(parseWay('quantized:2 every-layer norm=8'));
  expect(others).toEqual({ ...usual, everyLayer: true, keep: { norm: 8 } });
  expect(estimator?.name).toBe(quantized({ bits: 2 }).name);
  const sketched = buildWay(parseWay('rmm:count'), { rate: 0.3, bits: 2 });
  expect(sketched).toEqual({ ...usual, estimator: expect.anything() });
  expect(sketched.estimator?.bytes([60, 40])).toBe(
    rmm({ sketch: count(), rate: 0.3 }).bytes([60, 40]),
  );
});
