import {
  accumulate,
  constant,
  gather,
  input,
  linear,
  normalize,
  parameter,
  persistent,
  softmax,
  squaredNorm,
  trace,
} from '@sketchgrad/core';
import { engine, tidy } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, it } from 'vitest';
import { createBackend } from '../src/index.js';

const STEPS = 1000;

const graph = trace(() => {
  const rows = gather(parameter('table', [5, 4]), input('rows', [3], 'i32'));
  const [x] = normalize(rows, { epsilon: 1e-5 });
  const y = softmax(linear(x, parameter('weight', [4, 4]), constant(Float32Array.of(1, 2, 3, 4))));
  const loss = squaredNorm(y);
  accumulate(persistent('total', [], 'accumulator'), loss);
  return { loss };
});

const held = () => {
  const { numTensors, numBytes, numDataBuffers } = engine().memory();
  return { numTensors, numBytes, numDataBuffers };
};

for (const platform of ['cpu', 'wasm'] as const)
  it(`on ${platform} ${STEPS} steps leave as many tensors and bytes as one does, those that fail too`, async () => {
    const before = held();
    const backend = await createBackend({ platform });
    const state = backend.createState();
    const executable = await backend.compile(graph, { state });
    const step = (at: number) => {
      // Every tenth asks for a row that there is not, which is known only as it runs.
      const rows = Int32Array.of(at % 5, 0, at % 10 === 9 ? 5 : 4);
      return executable.run({ rows });
    };
    await step(0);
    const first = held();
    let failed = 0;
    for (let at = 1; at <= STEPS; at++)
      await step(at).catch((error: Error) => {
        expect(error.message).toContain('index 5 at position 2');
        failed++;
      });
    expect(failed).toBe(STEPS / 10);
    expect(held()).toEqual(first);
    await backend.dispose();
    expect(held()).toEqual(before);
  });

it("what is asked for within a scope of the caller's outlives it", async () => {
  const before = held();
  const backend = await createBackend({ platform: 'cpu' });
  const state = backend.createState();
  const executable = await backend.compile(graph, { state });
  const asked: Promise<unknown>[] = [];
  tidy(() => {
    asked.push(state.write('weight', new Float32Array(16).fill(2)));
    asked.push(executable.run({ rows: Int32Array.of(0, 1, 2) }));
  });
  await Promise.all(asked);
  expect(await state.read('weight')).toEqual(new Float32Array(16).fill(2));
  expect((await executable.run({ rows: Int32Array.of(0, 1, 2) })).loss![0]).toBeGreaterThan(0);
  for (const part of [executable, state, backend]) await part.dispose();
  expect(held()).toEqual(before);
});
