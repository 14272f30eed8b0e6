import {
  add,
  backward,
  type GradientEstimator,
  type Graph,
  input,
  linear,
  multiply,
  parameter,
  scope,
  sum,
  trace,
  type Value,
} from '../../src/index.js';
import { createReferenceBackend } from '../../src/reference/index.js';

/** The estimate of dW in a layer whose output's cotangent is the input `y`. */
function traced(
  estimator: GradientEstimator,
  rows: number,
  inputs: number,
  outputs: number,
): Record<string, Value> {
  const w = parameter('w', [outputs, inputs]);
  const x = add(input('x', [rows, inputs]), input('zero', []));
  const options = { estimator, key: { value: input('key', [2], 'i32'), stream: 0 }, name: 'layer' };
  const z = scope('layer', () => linear(x, w, undefined, options));
  const made: Record<string, Value> = {};
  backward(sum(multiply(z, input('y', [rows, outputs]))), [w], (_, gradient) => {
    made.gradient = gradient;
  });
  return made;
}

/** {@link traced} as a graph: output `gradient`, f32 [outputs, inputs]. */
export const layerGraph = (
  estimator: GradientEstimator,
  rows: number,
  inputs: number,
  outputs: number,
): Graph => trace(() => traced(estimator, rows, inputs, outputs));

/** What {@link estimates} is told. */
export interface EstimateOptions {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly rows: number;
  /** How many keys to draw with. */
  readonly keys: number;
  readonly priorities?: Float64Array | undefined;
}

/** The estimates of Yᵀ X under one key after the other, in double precision. */
export async function estimates(
  estimator: GradientEstimator,
  { x, y, rows, keys, priorities }: EstimateOptions,
): Promise<Float64Array[]> {
  const graph = layerGraph(estimator, rows, x.length / rows, y.length / rows);
  const backend = createReferenceBackend({ precision: 'f64' });
  const executable = await backend.compile(graph, { state: backend.createState() });
  const given = { x, y, zero: new Float64Array(1) };
  const ranked = estimator.ranksRows ? { 'rowPriorities.layer': priorities! } : {};
  const all: Float64Array[] = [];
  for (let step = 0; step < keys; step++)
    all.push(
      (await executable.runFloat64({ ...given, ...ranked, key: Int32Array.of(2022, step) }))
        .gradient!,
    );
  return all;
}

/** Yᵀ X, [outputs, inputs]. */
export function exactGradient(x: Float64Array, y: Float64Array, rows: number): Float64Array {
  const [inputs, outputs] = [x.length / rows, y.length / rows];
  return Float64Array.from({ length: inputs * outputs }, (_, at) => {
    const [o, i] = [Math.floor(at / inputs), at % inputs];
    let total = 0;
    for (let row = 0; row < rows; row++) total += y[row * outputs + o]! * x[row * inputs + i]!;
    return total;
  });
}

export const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;

/** Standard error of the mean. */
export const standardError = (values: readonly number[]): number => {
  const center = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - center) ** 2)) / values.length);
};
