import {
  createReferenceBackend,
  input,
  matmul,
  moments,
  newKey,
  type Sketch,
  trace,
} from '../../src/index.js';
import { draw } from '../support/draw.js';

const INPUTS = 3;
const OUTPUTS = 2;

/**
 * Rows of very different sizes and an output cotangent that follows the input, so that A, T and D
 * all weigh in the variance. With `only`, all other rows are 0.
 */
export function sampleMatrices(rows: number, only?: number) {
  const x = draw(rows * INPUTS, 1).map((value, i) => value * (i < 2 * INPUTS ? 3 : 1));
  const y = draw(rows * OUTPUTS, 2).map(
    (value, i) => value + 0.8 * x[Math.floor(i / OUTPUTS) * INPUTS]!,
  );
  if (only !== undefined)
    for (const [matrix, width] of [
      [x, INPUTS],
      [y, OUTPUTS],
    ] as const)
      matrix.fill(0, 0, only * width).fill(0, (only + 1) * width);
  const product = new Float64Array(OUTPUTS * INPUTS);
  for (let row = 0; row < rows; row++)
    for (let o = 0; o < OUTPUTS; o++)
      for (let i = 0; i < INPUTS; i++)
        product[o * INPUTS + i]! += y[row * OUTPUTS + o]! * x[row * INPUTS + i]!;
  return { x, y, product, moments: moments(x, y, rows) };
}

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
