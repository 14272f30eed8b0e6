import { expect } from 'vitest';
import {
  backward,
  elements,
  input,
  multiply,
  sum,
  type TensorType,
  trace,
  type Value,
} from '../../src/index.js';
import { createReferenceBackend, type ReferenceExecutable } from '../../src/reference/index.js';
import { draw } from './draw.js';

/** What a checked function reads: its type, and its numbers at the point of the check. */
export interface Argument extends TensorType {
  readonly values: Float64Array | Int32Array;
}

export const f32 = (shape: readonly number[], values: Float64Array): Argument => ({
  shape,
  dtype: 'f32',
  values,
});

export const i32 = (shape: readonly number[], values: readonly number[]): Argument => ({
  shape,
  dtype: 'i32',
  values: Int32Array.from(values),
});

const STEP = 1e-5;

/**
 * Compares reverse mode with central differences, in double precision, for the function that
 * `build` traces; of several results a random combination is differentiated.
 */
export async function checkGradients(
  args: Readonly<Record<string, Argument>>,
  build: (values: Readonly<Record<string, Value>>) => Value,
  tolerance = 1e-7,
): Promise<void> {
  const floats = Object.keys(args).filter((name) => args[name]!.dtype === 'f32');
  let weights: Float64Array = new Float64Array();
  const make = (differentiate: boolean) =>
    trace(() => {
      const values = Object.fromEntries(
        Object.entries(args).map(([name, { shape, dtype }]) => [name, input(name, shape, dtype)]),
      );
      const result = build(values);
      weights = draw(elements(result), 99);
      const loss = sum(multiply(result, input('weights', result.shape)));
      const outputs: Record<string, Value> = { loss };
      if (differentiate)
        backward(
          loss,
          floats.map((name) => values[name]!),
          (value, gradient) => {
            outputs[String(value.node.attributes.name)] = gradient;
          },
        );
      return outputs;
    });
  const backend = createReferenceBackend({ precision: 'f64' });
  const state = backend.createState();
  const forward = await backend.compile(make(false), { state });
  const both = await backend.compile(make(true), { state });
  const point = {
    ...Object.fromEntries(Object.entries(args).map(([name, { values }]) => [name, values.slice()])),
    weights,
  };
  const found = await both.runFloat64(point);
  expect(found.loss).toEqual((await forward.runFloat64(point)).loss);
  for (const name of floats) {
    const gradient = found[name]!;
    const wanted = await differences(forward, point, name);
    expect(gradient.length, name).toBe(wanted.length);
    const scale = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
    gradient.forEach((value, i) => {
      if (!(Math.abs(value - wanted[i]!) <= tolerance * scale))
        expect.fail(`d${name}[${i}] is ${value}, by differences ${wanted[i]}`);
    });
  }
}

async function differences(
  forward: ReferenceExecutable,
  point: Record<string, Float64Array | Int32Array>,
  name: string,
): Promise<Float64Array> {
  const values = point[name] as Float64Array;
  const slopes = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const before = values[i]!;
    values[i] = before + STEP;
    const above = (await forward.runFloat64(point)).loss![0]!;
    values[i] = before - STEP;
    const below = (await forward.runFloat64(point)).loss![0]!;
    values[i] = before;
    slopes[i] = (above - below) / (2 * STEP);
  }
  return slopes;
}
