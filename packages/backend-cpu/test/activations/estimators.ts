import {
  count,
  dct,
  dft,
  exact,
  type GradientEstimator,
  gaussian,
  hadamard,
  quantized,
  rademacher,
  rmm,
  rmmQuantized,
  rows,
  type Sketch,
  wtaCrs,
} from '@sketchgrad/core';

/**
 * Every estimator and every sketch, by what it is told. Rates are such that p divides neither the
 * rows nor a block of them; blocks of 48 rows leave one that is smaller.
 */
export const everyEstimator: ReadonlyMap<string, GradientEstimator> = new Map([
  ...sketched('gaussian', gaussian, 0.1),
  ...sketched('rademacher', rademacher, 0.29),
  ...sketched('count', count, 0.29),
  ...sketched('dct', dct, 0.29),
  ...sketched('dft', dft, 0.29),
  ...sketched('hadamard', hadamard, 0.29),
  ['gaussian, centred', rmm({ sketch: gaussian(), rate: 0.29, centred: true })],
  ['count, centred', rmm({ sketch: count(), rate: 0.29, centred: true })],
  ['hadamard, centred', rmm({ sketch: hadamard({ blockRows: 48 }), rate: 0.29, centred: true })],
  ['dct, with replacement', rmm({ sketch: dct({ replacement: true }), rate: 0.29 })],
  ['dft, with replacement', rmm({ sketch: dft({ replacement: true }), rate: 0.29 })],
  ['hadamard, with replacement', rmm({ sketch: hadamard({ replacement: true }), rate: 0.29 })],
  ['count, drawn bins', rmm({ sketch: count({ balanced: false }), rate: 0.29 })],
  ['rows, uniform', rows({ rate: 0.29, by: 'uniform' })],
  ['rows, uniform, with replacement', rows({ rate: 0.29, by: 'uniform', replacement: true })],
  ['rows, by norm', rows({ rate: 0.29, by: 'norm' })],
  ['rows, optimal', rows({ rate: 0.29, by: 'optimal' })],
  ['wta-crs', wtaCrs({ rate: 0.29 })],
  ...([1, 2, 3, 4, 8] as const).map((bits): [string, GradientEstimator] => [
    `quantized, ${bits} bits`,
    quantized({ bits }),
  ]),
  ['quantized, 3 bits, codes as they are', quantized({ bits: 3, dither: false })],
  ['quantized, 2 bits, not rotated', quantized({ bits: 2, rotate: false })],
  ['quantized, 3 bits, groups of 40', quantized({ bits: 3, group: 40, rotate: false })],
  [
    'quantized, mixed bits',
    quantized({
      bits: [
        { bits: 8, share: 0.13 },
        { bits: 3, share: 0.4 },
        { bits: 1, share: 0.47 },
      ],
    }),
  ],
  ['count-sketch, rounded to 4 bits', rmmQuantized({ sketch: count(), rate: 0.29, bits: 4 })],
  [
    'count-sketch, rounded to 2 bits, codes as they are',
    rmmQuantized({ sketch: count(), rate: 0.29, bits: 2, dither: false }),
  ],
  ['EXACT, 2 bits', exact({ bits: 2 })],
  ['EXACT, 2 bits, codes as they are', exact({ bits: 2, dither: false })],
  ['EXACT, 4 bits, groups of 16', exact({ bits: 4, group: 16 })],
]);

/** A sketch of all rows, and in diagonal blocks. */
function sketched(
  name: string,
  sketch: (options: { blockRows?: number }) => Sketch,
  rate: number,
): [string, GradientEstimator][] {
  return [
    [name, rmm({ sketch: sketch({}), rate })],
    [`${name}, in blocks`, rmm({ sketch: sketch({ blockRows: 48 }), rate })],
  ];
}
