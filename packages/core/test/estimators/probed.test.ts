import { describe, expect, it } from 'vitest';
import {
  backward,
  constant,
  dense,
  exact,
  type GradientEstimator,
  gaussian,
  input,
  linear,
  type Moments,
  multiply,
  type ProbedOptions,
  parameter,
  priorityInput,
  probed,
  probedErrors,
  probedMoments,
  quantized,
  rmm,
  rmmQuantized,
  rowNormOutput,
  rows,
  sgdVariance,
  sgdVarianceByExample,
  sum,
  type TensorData,
  trace,
  UsageError,
  type Value,
  wtaCrs,
} from '../../src/index.js';
import { createReferenceBackend, moments } from '../../src/reference/index.js';
import { draw } from '../support/draw.js';

const [ROWS, INPUTS, OUTPUTS] = [10, 4, 3];
const x = Float32Array.from(draw(ROWS * INPUTS, 1));
const y = Float32Array.from(draw(ROWS * OUTPUTS, 2));
/** Three examples, and a row that is nobody's. */
const STARTS = [0, 4, 5, 9];
type Outputs = Readonly<Record<string, TensorData>>;

const MIXED = [
  { bits: 4, share: 0.3 },
  { bits: 1, share: 0.7 },
] as const;
const sketched = rmm({ sketch: gaussian(), rate: 0.5 });

/** A layer whose output's cotangent is the input `y`. */
async function compiled(makes: GradientEstimator | ((starts: Value) => GradientEstimator)) {
  const graph = trace(() => {
    const estimator =
      typeof makes === 'function' ? makes(constant(Int32Array.from(STARTS))) : makes;
    const w = parameter('w', [OUTPUTS, INPUTS]);
    const key = { value: input('key', [2], 'i32'), stream: 0 };
    const options = { estimator, key, name: 'layer' };
    const z = linear(input('x', [ROWS, INPUTS]), w, undefined, options);
    const outputs: Record<string, Value> = {};
    backward(sum(multiply(z, input('y', [ROWS, OUTPUTS]))), [w], (_, gradient) => {
      outputs.gradient = gradient;
    });
    return outputs;
  });
  const backend = createReferenceBackend();
  return backend.compile(graph, { state: backend.createState() });
}

const probe = (options: Partial<ProbedOptions> = {}) =>
  probed({ layer: 'layer', estimators: [sketched], ...options });

const run = async (estimator: Parameters<typeof compiled>[0], inputs = {}) =>
  (await compiled(estimator)).run({ x, y, key: Int32Array.of(1, 2), ...inputs });

const read = (outputs: Outputs, estimators: GradientEstimator[] = []) =>
  probedMoments(outputs, { layer: 'layer', inputs: INPUTS, estimators });

describe('a probed layer', () => {
  it('has the moments of its X and Y, and its exact gradient', async () => {
    const outputs = await run(probe());
    const found = read(outputs);
    const exact = moments(x, y, ROWS);
    expect(found.rows).toBe(ROWS);
    expect(found.inputs).toBe(INPUTS);
    for (const name of ['normProduct', 'gradientNorm', 'rowProducts'] as const)
      expect(found[name] / exact[name], name).toBeCloseTo(1, 5);
    for (const name of ['xNorms', 'yNorms'] as const)
      for (let row = 0; row < ROWS; row++)
        expect(found[name][row]! / exact[name][row]!).toBeCloseTo(1, 5);
    expect(sketched.variance(found) / sketched.variance(exact)).toBeCloseTo(1, 5);
    expect(sgdVariance(found) / sgdVariance(exact)).toBeCloseTo(1, 5);
    expect(outputs.gradient).toEqual((await run(dense())).gradient);
    expect(probedErrors(outputs, 'layer')).toEqual([]);
  });

  it('has the gradients’ norms of examples, where it is told which rows are theirs', async () => {
    const found = read(await run((starts) => probe({ starts })));
    const exact = moments(x, y, ROWS, { starts: STARTS });
    expect(found.examples).toMatchObject({ count: 3, rows: 9 });
    expect(found.examples!.products / exact.examples!.products).toBeCloseTo(1, 5);
    expect(read(await run(probe())).examples).toBeUndefined();
  });

  it('has rows that are examples of their own counted, where some are nobody’s', async () => {
    const [own, theirs] = [x.slice().fill(0, 9 * INPUTS), y.slice().fill(0, 9 * OUTPUTS)];
    const used = () => probe({ used: constant(Int32Array.of(0, 9)) });
    const found = read(await run(used, { x: own, y: theirs }));
    const exact = moments(x.slice(0, 9 * INPUTS), y.slice(0, 9 * OUTPUTS), 9);
    expect(found).toMatchObject({ rows: 10, examples: { count: 9, rows: 9 } });
    expect(sgdVarianceByExample(found) / sgdVariance(exact)).toBeCloseTo(1, 5);
    expect(sgdVariance(found) / sgdVariance(exact)).toBeCloseTo(1, 5);
  });

  it('has the terms of variances that sums over rows do not give', async () => {
    const estimators = [
      sketched,
      quantized({ bits: 2 }),
      quantized({ bits: MIXED }),
      wtaCrs({ rate: 0.4 }),
      rmmQuantized({ sketch: gaussian(), rate: 0.5, bits: 2 }),
      exact({ bits: 2, projection: 2 }),
    ];
    const priorities = Float32Array.from({ length: ROWS }, (_, row) => 1 + (row % 5));
    const given = { [priorityInput('layer')]: priorities };
    const outputs = await run(probe({ estimators, draws: 400 }), given);
    const [found, own] = [read(outputs, estimators), moments(x, y, ROWS)];
    for (const estimator of estimators) {
      const ratio = estimator.variance(found, priorities) / estimator.variance(own, priorities);
      const error = (of: Moments) => (estimator.varianceError?.(of) ?? 0) / estimator.variance(of);
      expect(Math.abs(ratio - 1), estimator.name).toBeLessThan(
        1e-5 + 3 * Math.hypot(error(found), error(own)),
      );
      // Of the reference executor as many draws as that takes.
      expect(error(own)).toBeLessThanOrEqual(0.02);
    }
    expect(() => wtaCrs({ rate: 0.4 }).variance(found)).toThrow(/not probed for 'wta-crs'/);
  });

  it.each([
    rmmQuantized({ sketch: gaussian(), rate: 0.5, bits: 2 }),
    exact({ bits: 2, projection: 2 }),
  ])('tells how far an average over draws is off: $name', async (estimator) => {
    const executable = await compiled(probe({ estimators: [estimator], draws: 3 }));
    const found: Moments[] = [];
    for (let step = 0; step < 300; step++)
      found.push(read(await executable.run({ x, y, key: Int32Array.of(5, step) }), [estimator]));
    const mean = (of: (moments: Moments) => number) =>
      found.reduce((total, moments) => total + of(moments), 0) / found.length;
    const center = mean((each) => estimator.variance(each));
    const spread = mean((each) => (estimator.variance(each) - center) ** 2);
    const told = mean((each) => estimator.varianceError!(each) ** 2);
    // Of 300 sample variances; n in place of n − 1 would be off by a third.
    expect(told / spread).toBeGreaterThan(0.8);
    expect(told / spread).toBeLessThan(1.25);
  });

  it('says so where the most draws leave it further off than 2 %', () => {
    const estimator = exact({ bits: 2, projection: 2 });
    const told = estimator.varianceError!.bind(estimator);
    Object.assign(estimator, { varianceError: (of: Moments) => 1000 * told(of) });
    const warnings: string[] = [];
    estimator.variance(moments(x, y, ROWS, { onWarning: (w) => void warnings.push(w) }));
    expect(warnings).toEqual([
      expect.stringMatching(
        /^the variance of 'exact-2', .* average over 4096 draws .* more than 2 %$/,
      ),
    ]);
  });

  it('measures by fresh keys what the formula says', async () => {
    const executable = await compiled(probe({ measured: 20 }));
    const errors: number[] = [];
    for (let step = 0; step < 100; step++)
      errors.push(
        ...probedErrors(await executable.run({ x, y, key: Int32Array.of(7, step) }), 'layer'),
      );
    expect(errors).toHaveLength(2000);
    expect(new Set(errors).size).toBeGreaterThan(1990);
    const mean = errors.reduce((total, error) => total + error, 0) / errors.length;
    const variance = errors.reduce((total, error) => total + (error - mean) ** 2, 0);
    const standardError = Math.sqrt(variance) / errors.length;
    const predicted = sketched.variance(moments(x, y, ROWS));
    expect(Math.abs(mean - predicted)).toBeLessThan(4 * standardError);
    expect(standardError).toBeLessThan(0.02 * predicted);
  });

  it('is trained as without the probe', async () => {
    const outputs = await run(probe({ trained: sketched, measured: 2 }));
    expect(outputs.gradient).toEqual((await run(sketched)).gradient);
    // The estimates that are measured are others.
    expect(probedErrors(outputs, 'layer')).toHaveLength(2);
    const own = moments(x, y, ROWS);
    expect(probe({ trained: sketched }).variance(own)).toBe(sketched.variance(own));
    expect(probe().variance(own)).toBe(0);
  });

  it('hands priorities on to an estimator that ranks rows', async () => {
    const estimator = probe({ estimators: [rows({ rate: 0.4, by: 'optimal' })], measured: 3 });
    const outputs = await run(estimator, {
      [priorityInput('layer')]: Float32Array.from({ length: ROWS }, (_, row) => row + 1),
    });
    expect(probedErrors(outputs, 'layer')).toHaveLength(3);
    expect(outputs[rowNormOutput('layer')]).toHaveLength(ROWS);
  });

  it('draws no random numbers unless what it measures needs some', () => {
    expect(probe().random).toBe(false);
    expect(probe({ measured: 1 }).random).toBe(true);
    expect(probe({ estimators: [dense()], measured: 1 }).random).toBe(false);
    expect(probe({ estimators: [exact({ bits: 2 })] }).random).toBe(true);
  });

  it('says what overflows f32, what underflows, and what was not probed', async () => {
    const large = x.map((value, i) => (i === INPUTS + 1 ? 1e25 : value));
    const small = y.map((value) => value * 1e-30);
    const given = async (inputs: Record<string, Float32Array>) => read(await run(probe(), inputs));
    await expect(given({ x: large })).rejects.toThrow(/row 1 of 'layer' is Infinity/);
    await expect(given({ x: x.map((value) => value * 1e20), y: small })).rejects.toThrow(
      UsageError,
    );
    await expect(given({ y: y.map(() => Number.NaN) })).rejects.toThrow(/NaN/);
    const outputs = await run(probe({ layer: 'other' }));
    expect(() => read(outputs)).toThrow(/'layer' was not probed/);
    const errors = await run(probe({ measured: 1 }), { y: y.map((value) => value * 1e25) });
    expect(() => probedErrors(errors, 'layer')).toThrow(/overflows f32/);
    // ‖y_i‖² is 0 in f32, and ‖XᵀY‖² is not.
    const hidden = { x: x.map((value) => value * 1e16), y: y.map((value) => value * 1e-25) };
    await expect(given(hidden)).rejects.toThrow(/underflow/);
  });
});
