import { describe, expect, it } from 'vitest';
import { count, dct, dft, gaussian, hadamard, rademacher, type Sketch } from '../../src/index.js';
import { moments } from '../../src/reference/index.js';
import * as sketches from '../../src/sketches/index.js';
import { mean, projections, sampleMatrices, squaredError, standardError, unit } from './sampled.js';

const KEYS = 3000;

/** X and Y that each S is tried on: errors of one S differ, so that their mean varies less. */
const PAIRS = 8;

/** Standard errors of the ratios below, at most; measured, most are under half of it. */
const TOLD = 0.03;

/** Rows of x and of the sketch: neither a multiple nor a power of two, a power of two, and p = B. */
const SIZES: readonly (readonly [number, number])[] = [
  [13, 4],
  [8, 6],
  [11, 11],
];

const blocks = { blockRows: 4 };
const replacement = true;
const SKETCHES: Readonly<Record<string, Sketch>> = {
  gaussian: gaussian(),
  'gaussian in blocks': gaussian(blocks),
  rademacher: rademacher(),
  'rademacher in blocks': rademacher(blocks),
  'count, balanced': count(),
  'count, balanced in blocks': count(blocks),
  'count, drawn': count({ balanced: false }),
  'count, drawn in blocks': count({ balanced: false, ...blocks }),
  dct: dct(),
  'dct with replacement': dct({ replacement }),
  'dct in blocks': dct(blocks),
  'dct with replacement in blocks': dct({ replacement, ...blocks }),
  dft: dft(),
  'dft with replacement': dft({ replacement }),
  'dft in blocks': dft(blocks),
  'dft with replacement in blocks': dft({ replacement, ...blocks }),
  hadamard: hadamard(),
  'hadamard with replacement': hadamard({ replacement }),
  'hadamard in blocks': hadamard(blocks),
  'hadamard with replacement in blocks': hadamard({ replacement, ...blocks }),
};

/** Fails unless the ratios of what is measured to the formula, one for each key, are 1 on average. */
function expectOne(ratios: readonly number[]): void {
  const error = standardError(ratios);
  // A formula that is wrong by an eighth is always found out, and most wrong by a twentieth.
  expect(error).toBeLessThan(TOLD);
  // Two comparisons of 60 settings: 4 standard errors are passed by chance once in 130 suites.
  expect(Math.abs(mean(ratios) - 1) / error).toBeLessThan(4);
}

async function expectVariance(sketch: Sketch, n: number, rows: number) {
  const all = await projections(sketch, { n, rows, keys: KEYS });
  unit(n).forEach((want, at) => {
    const values = all.map((projection) => projection[at]!);
    // Entries are rounded to f32. 7080 elements: passed by chance once in 250 suites of other keys.
    expect(Math.abs(mean(values) - want)).toBeLessThan(5 * standardError(values) + 1e-7);
  });

  const pairs = Array.from({ length: PAIRS }, (_, pair) => sampleMatrices(n, pair + 1));
  const predicted = pairs.map((pair) => sketch.variance(pair.moments, rows));
  const errors = all.map((projection) => pairs.map((pair) => squaredError(projection, pair, n)));
  if (predicted.every((value) => Math.abs(value) < 1e-9))
    expect(Math.max(...errors.flat())).toBeLessThan(1e-12);
  else expectOne(errors.map((own) => mean(own.map((error, pair) => error / predicted[pair]!))));

  // One row alone: A = T = D, and the variance is that of one entry's square, fourth powers alone.
  const one = Float64Array.of(1, ...new Float64Array(n - 1));
  const alone = sketch.variance(moments(one, one, n), rows);
  const squares = all.map((projection) =>
    mean(Array.from({ length: n }, (_, row) => (projection[row * (n + 1)]! - 1) ** 2)),
  );
  if (Math.abs(alone) < 1e-9) expect(Math.max(...squares)).toBeLessThan(1e-12);
  else expectOne(squares.map((square) => square / alone));
}

describe('sketches', () => {
  it.each(Object.entries(sketches))('have %s among those that are tried', (_, make) => {
    expect(Object.values(SKETCHES).map(({ name }) => name)).toContain(make().name);
  });

  for (const [name, sketch] of Object.entries(SKETCHES))
    it.each(SIZES)(`are unbiased and vary as the formula says: ${name}, %i rows to %i`, (n, rows) =>
      expectVariance(sketch, n, rows),
    );
});
