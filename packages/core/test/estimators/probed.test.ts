import { describe, expect, it } from 'vitest';
import {
  backward,
  createReferenceBackend,
  dense,
  type GradientEstimator,
  gaussian,
  input,
  linear,
  moments,
  multiply,
  type ProbedOptions,
  parameter,
  priorityInput,
  probed,
  probedErrors,
  probedMoments,
  rmm,
  rowNormOutput,
  rows,
  sgdVariance,
  sum,
  trace,
  UsageError,
  type Value,
} from '../../src/index.js';
import { draw } from '../support/draw.js';

const [ROWS, INPUTS, OUTPUTS] = [10, 4, 3];
const x = Float32Array.from(draw(ROWS * INPUTS, 1));
const y = Float32Array.from(draw(ROWS * OUTPUTS, 2));
const sketched = rmm({ sketch: gaussian(), rate: 0.5 });

/** A layer whose output's cotangent is the input `y`. */
async function compiled(estimator: GradientEstimator) {
  const graph = trace(() => {
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
  probed({ layer: 'layer', estimator: sketched, ...options });

const run = async (estimator: GradientEstimator, inputs = {}) =>
  (await compiled(estimator)).run({ x, y, key: Int32Array.of(1, 2), ...inputs });

describe('a probed layer', () => {
  it('has the moments of its X and Y, and its exact gradient', async () => {
    const outputs = await run(probe());
    const found = probedMoments(outputs, 'layer', INPUTS);
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

  it('reads X and Y back only where asked to', async () => {
    const without = probedMoments(await run(probe()), 'layer', INPUTS);
    expect(() => without.tensors()).toThrow(/tensors: true/);
    const found = probedMoments(await run(probe({ tensors: true })), 'layer', INPUTS);
    expect(found.tensors()).toEqual({ x, y });
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
    expect(standardError).toBeLessThan(0.05 * predicted);
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
    const estimator = probe({ estimator: rows({ rate: 0.4, by: 'optimal' }), measured: 3 });
    const outputs = await run(estimator, {
      [priorityInput('layer')]: Float32Array.from({ length: ROWS }, (_, row) => row + 1),
    });
    expect(probedErrors(outputs, 'layer')).toHaveLength(3);
    expect(outputs[rowNormOutput('layer')]).toHaveLength(ROWS);
  });

  it('draws no random numbers unless it measures', () => {
    expect(probe().random).toBe(false);
    expect(probe({ measured: 1 }).random).toBe(true);
    expect(probe({ estimator: dense(), measured: 1 }).random).toBe(false);
  });

  it('says what overflows f32, what underflows, and what was not probed', async () => {
    const large = x.map((value, i) => (i === INPUTS + 1 ? 1e25 : value));
    const small = y.map((value) => value * 1e-30);
    const read = async (inputs: Record<string, Float32Array>) =>
      probedMoments(await run(probe(), inputs), 'layer', INPUTS);
    await expect(read({ x: large })).rejects.toThrow(/row 1 of 'layer' is Infinity/);
    await expect(read({ x: x.map((value) => value * 1e20), y: small })).rejects.toThrow(UsageError);
    await expect(read({ y: y.map(() => Number.NaN) })).rejects.toThrow(/NaN/);
    const outputs = await run(probe({ layer: 'other' }));
    expect(() => probedMoments(outputs, 'layer', INPUTS)).toThrow(/'layer' was not probed/);
    const errors = await run(probe({ measured: 1 }), { y: y.map((value) => value * 1e25) });
    expect(() => probedErrors(errors, 'layer')).toThrow(/overflows f32/);
    // ‖y_i‖² is 0 in f32, and ‖XᵀY‖² is not.
    const hidden = { x: x.map((value) => value * 1e16), y: y.map((value) => value * 1e-25) };
    await expect(read(hidden)).rejects.toThrow(/underflow/);
  });
});
