import { input, matmul, newKey, type Sketch, trace } from '../../src/index.js';
import { createReferenceBackend, moments } from '../../src/reference/index.js';
import { draw } from '../support/draw.js';

const INPUTS = 3;
const OUTPUTS = 2;

/**
 * Rows of very different sizes and an output cotangent that follows the input, so that A, T and D
 * all weigh in the variance.
 *
 * @param seed other numbers for each
 */
export function sampleMatrices(rows: number, seed = 1) {
  const x = draw(rows * INPUTS, 2 * seed - 1).map((value, i) => value * (i < 2 * INPUTS ? 3 : 1));
  const y = draw(rows * OUTPUTS, 2 * seed).map(
    (value, i) => value + 0.8 * x[Math.floor(i / OUTPUTS) * INPUTS]!,
  );
  return { x, y, moments: moments(x, y, rows) };
}

/** ‖Yᵀ (P − I) X‖², the squared error of an estimate whose S Sᵀ is P, [n, n]. */
export function squaredError(
  projection: Float64Array,
  { x, y }: Record<'x' | 'y', Float64Array>,
  n: number,
): number {
  const [inputs, outputs] = [x.length / n, y.length / n];
  const column = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < inputs; i++) {
    for (let row = 0; row < n; row++) {
      let sum = -x[row * inputs + i]!;
      for (let k = 0; k < n; k++) sum += projection[row * n + k]! * x[k * inputs + i]!;
      column[row] = sum;
    }
    for (let o = 0; o < outputs; o++) {
      let error = 0;
      for (let row = 0; row < n; row++) error += y[row * outputs + o]! * column[row]!;
      total += error * error;
    }
  }
  return total;
}

/** The unit matrix, [n, n]. */
export const unit = (n: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));

/** S Sᵀ for `keys` keys, each [n, n]. */
export const projections = (
  sketch: Sketch,
  { n, rows, keys }: Record<'n' | 'rows' | 'keys', number>,
): Promise<Float64Array[]> => productEstimates(sketch, { n, rows, keys, x: unit(n), y: unit(n) });

/** (Sᵀ y)ᵀ (Sᵀ x) for `keys` keys; x and y of [n, …], to `rows` rows. */
export async function productEstimates(
  sketch: Sketch,
  { n, rows, keys, x, y }: Record<'n' | 'rows' | 'keys', number> & Record<'x' | 'y', Float64Array>,
): Promise<Float64Array[]> {
  const graph = trace(() => {
    const key = newKey(input('key', [2], 'i32'));
    const [left, right] = [input('y', [n, y.length / n]), input('x', [n, x.length / n])];
    const projected = sketch.apply(right, key, rows);
    return { product: matmul(sketch.apply(left, key, rows), projected, { transposeA: true }) };
  });
  const backend = createReferenceBackend({ precision: 'f64' });
  const executable = await backend.compile(graph, { state: backend.createState() });
  const all: Float64Array[] = [];
  for (let step = 0; step < keys; step++)
    all.push((await executable.runFloat64({ x, y, key: Int32Array.of(2201, step) })).product!);
  return all;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;

/** Standard error of the mean. */
export function standardError(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - center) ** 2)) / values.length);
}
