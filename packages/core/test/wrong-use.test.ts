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
        [name, [{ blockRows: 0 }], /^blockRows must be an integer of at least 1, but it is 0/],
        [name, [{ blockRows: '64' }], /^blockRows must be an integer .* but it is '64'/],
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
