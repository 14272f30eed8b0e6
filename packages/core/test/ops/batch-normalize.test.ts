import { describe, expect, it } from 'vitest';
import {
  backward,
  batchNormalize,
  batchNormalizeWith,
  checkpoint,
  input,
  multiply,
  parameter,
  persistent,
  recompute,
  ShapeError,
  scale,
  squaredNorm,
  sum,
  trace,
  UsageError,
} from '../../src/index.js';
import { createReferenceBackend } from '../../src/reference/index.js';
import { draw } from '../support/draw.js';

const [ROWS, FEATURES] = [5, 3];

const statistics = () => ({
  mean: persistent('mean', [FEATURES], 'statistic'),
  variance: persistent('variance', [FEATURES], 'statistic'),
});

const columns = (x: ArrayLike<number>) =>
  Array.from({ length: FEATURES }, (_, f) =>
    Array.from({ length: ROWS }, (_, row) => x[row * FEATURES + f]!),
  );

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
const squares = (values: readonly number[]) =>
  values.reduce((total, value) => total + (value - mean(values)) ** 2, 0);

describe('batchNormalize', () => {
  it.each([
    ['as PyTorch does: momentum 0.1, the unbiased variance', {}, ROWS - 1],
    ["towards the population's variance", { variance: 'population' }, ROWS],
  ] as const)('moves the running statistics %s', async (_, options, divisor) => {
    const backend = createReferenceBackend({ precision: 'f64' });
    const state = backend.createState();
    const graph = trace(() => ({
      y: batchNormalize(input('x', [ROWS, FEATURES]), {
        ...{ epsilon: 1e-5, running: statistics() },
        ...options,
      }),
    }));
    const executable = await backend.compile(graph, { state });
    await state.writeFloat64('variance', Float64Array.of(1, 1, 1));
    const x = draw(ROWS * FEATURES, 3);
    const { y } = await executable.runFloat64({ x });
    const found = {
      mean: await state.readFloat64('mean'),
      variance: await state.readFloat64('variance'),
    };
    columns(x).forEach((values, f) => {
      expect(found.mean[f]).toBeCloseTo(0.1 * mean(values), 12);
      expect(found.variance[f]).toBeCloseTo(0.9 + (0.1 * squares(values)) / divisor, 12);
      const deviation = Math.sqrt(squares(values) / ROWS + 1e-5);
      columns(y!)[f]!.forEach((value, row) => {
        expect(value).toBeCloseTo((values[row]! - mean(values)) / deviation, 12);
      });
    });
  });

  it('has statistics of the rows that are somebody, the unbiased variance by their number', async () => {
    const run = async (rows: number, spare: number) => {
      const backend = createReferenceBackend({ precision: 'f64' });
      const state = backend.createState();
      const graph = trace(() => {
        const x = input('x', [rows + spare, FEATURES]);
        const starts = spare > 0 ? { starts: input('starts', [3], 'i32') } : {};
        return { y: batchNormalize(x, { epsilon: 1e-5, running: statistics(), ...starts }) };
      });
      const executable = await backend.compile(graph, { state });
      const x = Float64Array.from(draw(rows * FEATURES, 3));
      const wide = new Float64Array((rows + spare) * FEATURES).fill(Number.NaN);
      wide.set(x);
      const { y } = await executable.runFloat64({
        x: wide,
        ...(spare > 0 && { starts: Int32Array.of(0, 1, rows) }),
      });
      expect([...y!.subarray(rows * FEATURES)]).toEqual(Array(spare * FEATURES).fill(0));
      return [
        ...y!.subarray(0, rows * FEATURES),
        ...(await state.readFloat64('mean')),
        ...(await state.readFloat64('variance')),
      ];
    };
    for (const rows of [2, 5]) {
      const [exact, spared] = [await run(rows, 0), await run(rows, 4)];
      for (const [at, value] of spared.entries()) expect(value).toBeCloseTo(exact[at]!, 14);
    }
  });

  it("has no population's variance where a run alone knows how many rows there are", () => {
    const build = () =>
      batchNormalize(input('x', [ROWS, FEATURES]), {
        ...{ epsilon: 1e-5, running: statistics(), variance: 'population' },
        starts: input('starts', [2], 'i32'),
      });
    expect(() => trace(() => ({ y: build() }))).toThrow(
      /variance is 'unbiased' where it has starts/,
    );
  });

  it('normalises by the running statistics in evaluation', async () => {
    const backend = createReferenceBackend({ precision: 'f64' });
    const state = backend.createState();
    const graph = trace(() => ({
      y: batchNormalizeWith(input('x', [2, FEATURES]), statistics(), { epsilon: 0.5 }),
    }));
    const executable = await backend.compile(graph, { state });
    await state.write('mean', Float32Array.of(1, 2, 3));
    await state.write('variance', Float32Array.of(0.5, 3.5, 8.5));
    const { y } = await executable.runFloat64({ x: Float64Array.of(1, 4, 6, 3, 0, 0) });
    expect([...y!].map((value) => value.toFixed(6)).map(Number)).toEqual([0, 1, 1, 2, -1, -1]);
  });

  it('updates its statistics once where its block is made again, which stays free until then', async () => {
    const build = (mode: 'none' | 'block') =>
      recompute(
        trace(() => {
          const x = input('x', [ROWS, FEATURES]);
          const gain = parameter('gain', [FEATURES]);
          const y = checkpoint(() =>
            batchNormalize(multiply(x, gain), { epsilon: 1e-3, running: statistics() }),
          );
          const loss = squaredNorm(scale(y, 0.5));
          const outputs: Record<string, typeof loss> = { loss };
          backward(loss, [gain], (_, gradient) => {
            outputs.gradient = gradient;
          });
          return outputs;
        }),
        mode,
      );
    const results = [];
    for (const mode of ['none', 'block'] as const) {
      const backend = createReferenceBackend();
      const state = backend.createState();
      const graph = build(mode);
      const executable = await backend.compile(graph, { state });
      await state.write('gain', Float32Array.of(1, -2, 0.5));
      const outputs = await executable.run({ x: Float32Array.from(draw(ROWS * FEATURES, 4)) });
      results.push({ outputs, mean: await state.read('mean') });
      const moves = executable.plan.schedule.filter(({ op }) => op.name === 'moveAverage');
      expect(moves.map(({ stage }) => stage)).toEqual(['forward', 'forward']);
    }
    expect(results[1]).toEqual(results[0]);
  });

  it('refuses one row, an epsilon of 0, a momentum that is no share', () => {
    trace(() => {
      const x = input('x', [4, FEATURES]);
      const running = statistics();
      expect(() => batchNormalize(input('one', [1, 3]), { epsilon: 1 })).toThrow(ShapeError);
      expect(() => batchNormalize(x, { epsilon: 0 })).toThrow(UsageError);
      expect(() => batchNormalizeWith(x, running, { epsilon: 0 })).toThrow(UsageError);
      expect(() => batchNormalize(x, { epsilon: 1, running, momentum: 2 })).toThrow(
        /momentum must be a number from 0 to 1, but it is 2/,
      );
      return { sum: sum(x) };
    });
  });
});
