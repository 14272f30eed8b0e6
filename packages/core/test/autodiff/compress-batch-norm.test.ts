import { expect, it } from 'vitest';
import {
  affine,
  backward,
  batchNormalize,
  compressKept,
  dropout,
  type Graph,
  input,
  linear,
  multiply,
  newKey,
  parameter,
  planMemory,
  recompute,
  sum,
  trace,
} from '../../src/index.js';
import { createReferenceBackend } from '../../src/reference/index.js';
import { draw } from '../support/draw.js';
import { mean, standardError } from '../support/estimate.js';

const [ROWS, FEATURES] = [24, 64];

/** Batch norm's gradient, and that of its gain, of one made-up loss. */
const traced = (): Graph =>
  trace(() => {
    const gain = parameter('gain', [FEATURES]);
    const x = dropout(input('x', [ROWS, FEATURES]), {
      rate: 0,
      key: newKey(input('key', [2], 'i32')),
    });
    const y = affine(batchNormalize(x, { epsilon: 1e-3 }), gain, parameter('bias', [FEATURES]));
    const weight = parameter('weight', [FEATURES, FEATURES]);
    const loss = sum(multiply(linear(y, weight, undefined), input('dy', [ROWS, FEATURES])));
    const gradients: Record<string, ReturnType<typeof parameter>> = {};
    backward(loss, [gain, weight], (value, gradient) => {
      gradients[value === gain ? 'gain' : 'weight'] = gradient;
    });
    return { loss, ...gradients };
  });

async function run(graph: Graph, keys: number) {
  const backend = createReferenceBackend({ precision: 'f64' });
  const state = backend.createState();
  const executable = await backend.compile(graph, { state });
  for (const [index, name] of ['gain', 'bias', 'weight'].entries())
    await state.writeFloat64(
      name,
      Float64Array.from(draw(name === 'weight' ? FEATURES ** 2 : FEATURES, 7 + index)),
    );
  const given = { x: draw(ROWS * FEATURES, 1), dy: draw(ROWS * FEATURES, 2) };
  const found = [];
  for (let step = 0; step < keys; step++)
    found.push(await executable.runFloat64({ ...given, key: Int32Array.of(3, step) }));
  return found;
}

it('what batch norms keep is rounded: the loss is exact, and gains and weights are unbiased', async () => {
  const plain = recompute(traced(), 'cheap');
  const rounded = compressKept(plain, { norm: 4 });
  expect(planMemory(rounded).keptBytes).toBeLessThan(planMemory(plain).keptBytes / 3);
  const [exact] = await run(plain, 1);
  const found = await run(rounded, 400);
  for (const { loss } of found) expect(loss).toEqual(exact!.loss);
  for (const name of ['gain', 'weight'])
    for (let i = 0; i < FEATURES; i += 5) {
      const values = found.map((gradients) => gradients[name]![i]!);
      const error = standardError(values);
      expect(error, name).toBeGreaterThan(0);
      // 26 comparisons with fixed keys: by chance one in 600 such tests would fail.
      expect(Math.abs(mean(values) - exact![name]![i]!), `${name} ${i}`).toBeLessThan(4 * error);
    }
});
