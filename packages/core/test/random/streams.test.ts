import { describe, expect, it } from 'vitest';
import {
  count,
  dct,
  dft,
  exact,
  type GradientEstimator,
  gaussian,
  hadamard,
  input,
  newKey,
  quantized,
  rademacher,
  rmm,
  rmmQuantized,
  rows,
  trace,
  type Value,
  wtaCrs,
} from '../../src/index.js';
import * as sketches from '../../src/sketches/index.js';

const [ROWS, INPUTS, OUTPUTS] = [24, 10, 3];
const rate = 0.5;
const blocks = { blockRows: 6 };
const replacement = true;

const SKETCHES = [
  ...[gaussian(), gaussian(blocks), rademacher(), rademacher(blocks)],
  ...[count(), count(blocks), count({ balanced: false }), count({ balanced: false, ...blocks })],
  ...[dct, dft, hadamard].flatMap((transform) => [
    ...[transform(), transform(blocks), transform({ replacement })],
  ]),
];

const ESTIMATORS: readonly GradientEstimator[] = [
  ...SKETCHES.map((sketch) => rmm({ sketch, rate })),
  ...SKETCHES.map((sketch) => rmm({ sketch, rate, centred: true })),
  ...SKETCHES.map((sketch) => rmmQuantized({ sketch, rate, bits: 2, group: 4 })),
  rows({ rate, by: 'uniform' }),
  rows({ rate, by: 'uniform', replacement }),
  rows({ rate, by: 'norm' }),
  rows({ rate, by: 'optimal' }),
  wtaCrs({ rate }),
  quantized({ bits: 2, group: 4 }),
  quantized({
    bits: [
      { bits: 4, share: 0.5 },
      { bits: 1, share: 0.5 },
    ],
  }),
  exact({ bits: 2, projection: 2, group: 4 }),
];

/** What draws random numbers for some layers: where from, and what is drawn there. */
function drawsOf(estimator: GradientEstimator, { layers = 1, backward = true } = {}) {
  const graph = trace(() => {
    const key = input('key', [2], 'i32');
    const outputs: Record<string, Value> = {};
    for (let layer = 0; layer < layers; layer++) {
      const own = newKey(key);
      const ranked = estimator.ranksRows ? input(`priorities${layer}`, [ROWS]) : undefined;
      const kept = estimator.keep(input(`x${layer}`, [ROWS, INPUTS]), own, ranked);
      const y = input(`y${layer}`, [ROWS, OUTPUTS]);
      for (const [name, value] of Object.entries(kept)) outputs[`${name}${layer}`] = value!;
      if (backward) outputs[`w${layer}`] = estimator.weightGradient(kept, y, own, INPUTS);
    }
    return outputs;
  });
  return graph.nodes.flatMap(({ op, attributes }) => {
    const { stream, back: _, ...rest } = attributes as { stream?: number; back?: boolean };
    if (stream === undefined) return [];
    return [{ stream, what: ROUNDING[op.name]?.(rest) ?? `${op.name} ${JSON.stringify(rest)}` }];
  });
}

/** What rounds and what reads codes draws the same words for each feature, if codes lie alike. */
const rounding = ({ segments, group }: { segments?: unknown; group?: unknown }) =>
  `rounding ${JSON.stringify({ segments, group })}`;
const ROUNDING: Readonly<Record<string, typeof rounding>> = {
  quantize: rounding,
  quantizedMatmul: rounding,
};

describe('streams of random numbers', () => {
  it.each(Object.entries(sketches))('are looked at in what %s draws', (_, make) => {
    expect(SKETCHES.map(({ name }) => name)).toContain(make().name);
  });

  for (const [index, estimator] of ESTIMATORS.entries()) {
    it(`are all distinct in what is kept: ${estimator.name} (${index})`, () => {
      const draws = drawsOf(estimator, { backward: false });
      const lines = draws.map(({ stream, what }) => `${stream} ${what}`);
      // Sᵀ1 is of the same S as Sᵀ X.
      const drawn = estimator.name.endsWith('-centred') ? new Set(lines).size : lines.length;
      expect(drawn).toBeGreaterThan(0);
      expect(new Set(draws.map(({ stream }) => stream)).size, lines.join('\n')).toBe(drawn);
    });

    it(`give the backward pass what the forward pass drew: ${estimator.name} (${index})`, () => {
      const once = ({ stream, what }: (typeof forward)[number]) => `${stream} ${what}`;
      const forward = drawsOf(estimator, { backward: false });
      const both = new Set(drawsOf(estimator).map(once));
      expect(both).toEqual(new Set(forward.map(once)));
    });

    it(`are distinct for two layers: ${estimator.name} (${index})`, () => {
      const streams = (layers: number) =>
        new Set(drawsOf(estimator, { layers, backward: false }).map(({ stream }) => stream)).size;
      expect(streams(2)).toBe(2 * streams(1));
    });
  }
});
