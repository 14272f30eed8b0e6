import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BackendError, input, loadBackend, scale, trace, UsageError } from '@sketchgrad/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, it } from 'vitest';
import { createBackend, type TfjsOptions } from '../src/index.js';

const built = new URL('../dist/index.js', import.meta.url).href;

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

it('names the platforms that there are', async () => {
  for (const [options, message] of [
    [undefined, 'platform must be one of node-gpu, node, webgpu, webgl, wasm, cpu'],
    [{}, 'platform must be one of'],
    [{ platform: 'wsm' }, "did you mean 'wasm'?"],
    [{ platform: 'cpu', memoryBytes: 0 }, 'memoryBytes must be a number above 0'],
    [{ platform: 'cpu', threads: 2 }, "no option 'threads'"],
    [{ platform: 'cpu', tf: {} }, "must be TensorFlow.js's module"],
  ] as const) {
    const error = await rejection(createBackend(options as unknown as TfjsOptions));
    expect(error).toBeInstanceOf(UsageError);
    expect(error!.message).toContain(message);
  }
});

it('says what to install for a platform that is missing', async () => {
  // The built package in a process of its own: vitest has its own words for what it does not find.
  const script = `
    const { createBackend } = await import(process.argv[1]);
    for (const platform of ['webgpu', 'node-gpu'])
      await createBackend({ platform }).catch((error) => console.log(error.name, error.message));`;
  const program = ['--input-type=module', '--eval', script, built];
  const { stdout } = await promisify(execFile)(process.execPath, program);
  expect(stdout.trimEnd().split('\n')).toEqual(
    [
      ['webgpu', '@tensorflow/tfjs-backend-webgpu'],
      ['node-gpu', '@tensorflow/tfjs-node-gpu'],
    ].map(
      ([platform, name]) =>
        `BackendError the platform '${platform}' of the tfjs backend needs ${name}, which is not installed; add it with: npm install ${name}@4.22.0`,
    ),
  );
});

it('says which folder it was told to look in for a platform that is missing', async () => {
  const script = `
    const { createBackend } = await import(process.argv[1]);
    await createBackend({ platform: 'node' }).catch((error) => console.log(error.message));`;
  const program = ['--input-type=module', '--eval', script, built];
  const env = { ...process.env, SKETCHGRAD_TFJS_NODE: '/nonexistent' };
  const { stdout } = await promisify(execFile)(process.execPath, program, { env });
  expect(stdout.trimEnd()).toBe(
    "the platform 'node' of the tfjs backend needs @tensorflow/tfjs-node, which is not in the folder '/nonexistent' that the environment variable SKETCHGRAD_TFJS_NODE names; install it there, or unset the variable",
  );
});

it('does not start where there is no graphics', async () => {
  const error = await rejection(createBackend({ platform: 'webgl' }));
  expect(error).toBeInstanceOf(BackendError);
  expect(error!.message).toContain("the platform 'webgl' of the tfjs backend does not start");
});

it("works on the caller's TensorFlow.js, and leaves its backend as it was", async () => {
  const wasm = await loadBackend(() => import('../src/index.js'), { platform: 'wasm', tf });
  await tf.setBackend('cpu');
  const graph = trace(() => ({ y: scale(input('x', [2]), 2) }));
  const executable = await wasm.compile(graph, { state: wasm.createState() });
  expect((await executable.run({ x: Float32Array.of(1, 2) })).y).toEqual(Float32Array.of(2, 4));
  expect(tf.getBackend()).toBe('cpu');
  const own = tf.tensor1d([1, 2]);
  expect(tf.add(own, own).dataSync()).toEqual(Float32Array.of(2, 4));
  await wasm.dispose();
});
