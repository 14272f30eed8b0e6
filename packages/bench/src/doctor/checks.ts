import {
  adamw,
  type Backend,
  BackendError,
  backward,
  constant,
  type Executable,
  type Graph,
  gaussian,
  input,
  linear,
  loadBackend,
  matmul,
  newKey,
  parameter,
  persistent,
  rmm,
  squaredNorm,
  subtract,
  type TensorData,
  trace,
} from '@sketchgrad/core';

/** Sizes of the product that is timed. */
const SIZE = 256;

/** What a backend is tried on: a graph, its inputs, and how far results may be off the reference's. */
interface Trial {
  readonly graph: () => Graph;
  readonly inputs: Readonly<Record<string, TensorData>>;
}

const numbers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(1.7 * i + seed));

const KEY = { key: Int32Array.of(3, 4) };
const [ROWS, INPUTS, OUTPUTS] = [24, 10, 6];

/** A product, a sketch, and a training step whose gradient is sketched. */
export const TRIALS: Readonly<Record<'product' | 'sketch' | 'step', Trial>> = {
  product: {
    graph: () =>
      trace(() => ({ product: matmul(input('a', [SIZE, SIZE]), input('b', [SIZE, SIZE])) })),
    inputs: { a: numbers(SIZE * SIZE, 1), b: numbers(SIZE * SIZE, 2) },
  },
  sketch: {
    graph: () =>
      trace(() => {
        const key = newKey(input('key', [2], 'i32'));
        return { sketch: gaussian().apply(input('x', [ROWS, INPUTS]), key, 5) };
      }),
    inputs: { x: numbers(ROWS * INPUTS, 3), ...KEY },
  },
  step: {
    graph: () =>
      trace(() => {
        const key = newKey(input('key', [2], 'i32'));
        const w = parameter('w', [OUTPUTS, INPUTS]);
        const estimator = rmm({ sketch: gaussian(), rate: 0.5 });
        const y = linear(input('x', [ROWS, INPUTS]), w, undefined, { estimator, key });
        const loss = squaredNorm(subtract(y, input('y', [ROWS, OUTPUTS])));
        const moments = ['first', 'second'].map((name) => persistent(name, w.shape, 'optimizer'));
        const settings = constant(Float32Array.of(0.1, 0.9, 0.99, 1e-6, 0, 0.1, 0.01, 1));
        let moved = w;
        backward(loss, [w], (_, gradient) => {
          moved = adamw([w, gradient, moments[0]!, moments[1]!, settings], { decay: false })[0]!;
        });
        return { loss, moved };
      }),
    inputs: { x: numbers(ROWS * INPUTS, 4), y: numbers(ROWS * OUTPUTS, 5), ...KEY },
  },
};

/** Results of 32-bit floats, in whichever order they are added up. */
const TOLERANCE = 1e-4;

async function withExecutable<T>(
  backend: Backend,
  graph: Graph,
  use: (executable: Executable) => Promise<T>,
): Promise<T> {
  const state = backend.createState();
  const executable = await backend.compile(graph, { state });
  try {
    return await use(executable);
  } finally {
    await executable.dispose();
    await state.dispose();
  }
}

/**
 * Runs a trial, and compares what comes of it with the reference's.
 * @returns seconds of a run after the first, which prepares
 * @throws BackendError where results differ; what the backend throws
 */
export async function tryOn(backend: Backend, { graph, inputs }: Trial): Promise<number> {
  const traced = graph();
  const reference = await loadBackend('reference');
  const expected = await withExecutable(reference, traced, (one) => one.run(inputs));
  await reference.dispose();
  return withExecutable(backend, traced, async (executable) => {
    expectAlike(await executable.run(inputs), expected);
    const start = performance.now();
    await executable.run(inputs);
    return (performance.now() - start) / 1000;
  });
}

function expectAlike(
  found: Readonly<Record<string, TensorData>>,
  expected: Readonly<Record<string, TensorData>>,
): void {
  for (const [name, data] of Object.entries(expected)) {
    const largest = Math.max(...Array.from(data, Math.abs));
    const wrong = data.findIndex(
      (value, i) => !(Math.abs(found[name]![i]! - value) <= TOLERANCE * largest),
    );
    if (wrong >= 0)
      throw new BackendError(
        `its ${name} is ${found[name]![wrong]} at position ${wrong}, where ${data[wrong]} is right`,
      );
  }
}
