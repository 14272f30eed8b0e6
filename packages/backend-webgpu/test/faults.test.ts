import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import {
  BackendError,
  DeviceLostError,
  defineOp,
  input,
  parameter,
  scale,
  trace,
  UsageError,
} from '@sketchgrad/core';
import { gpuEnvironment } from '@sketchgrad/testing/gpu';
import { expect, it } from 'vitest';
import { createBackend, type WebgpuOptions } from '../src/backend.js';
import { STORAGE } from '../src/gpu-flags.js';
import { elementKernel } from '../src/kernel.js';
import { type Lowering, overElements } from '../src/lowering.js';
import { lowerings } from '../src/lowerings/index.js';
import { accepted } from '../src/refusals.js';
import { requestDevice } from '../src/request-device.js';
import { createOnDevice } from './support/gpu.js';

const doubled = trace(() => ({ y: scale(input('x', [3]), 2), z: scale(parameter('w', [2]), 3) }));
const inputs = { x: Float32Array.of(1, 2, 3) };

it('refuses options that there are not, and limits that are none', async () => {
  for (const [options, message] of [
    [{ memoryBytes: 0 }, 'memoryBytes must be a number above 0'],
    [{ arenaBytes: '1' }, "arenaBytes must be a number above 0, not '1'"],
    [{ threads: 2 }, "no option 'threads'"],
    [{ sharing: 1 }, "the webgpu backend's sharing must be true or false"],
  ] as const) {
    const refused = createBackend(options as WebgpuOptions);
    await expect(refused).rejects.toBeInstanceOf(UsageError);
    await expect(refused).rejects.toThrow(message);
  }
});

it('says that the device is gone, to those who wait and to those who come, and is disposed of', async () => {
  const { device } = await requestDevice({});
  const backend = await createBackend({ device });
  const state = backend.createState();
  const executable = await backend.compile(doubled, { state });
  await executable.run(inputs);
  const waiting = executable.run(inputs);
  device.destroy();
  for (const refused of [
    waiting,
    executable.run(inputs),
    state.read('w'),
    state.write('w', Float32Array.of(1, 2)),
    backend.compile(doubled, { state }),
  ]) {
    await expect(refused).rejects.toBeInstanceOf(DeviceLostError);
    await expect(refused).rejects.toThrow(/device is gone.*checkpoint/);
  }
  for (const part of [executable, state, backend]) await part.dispose();
});

const broken = defineOp({
  name: 'webgpuBroken',
  infer: ([x]) => [x!],
  vjp: 'none',
  flops: () => 0,
});
const brokenLowering: Lowering = {
  op: 'webgpuBroken',
  lower: ({ inputs: [x], outputs: [y] }) => [
    overElements(
      elementKernel({
        name: 'brokenKernel',
        operands: { x: 'f32', y: 'f32' },
        uniforms: {},
        main: ({ x, y }) => `${y}[i] = ${x}[i] + true;`,
      }),
      3,
      { operands: { x, y }, uniforms: {} },
    ),
  ],
};

it('names op, shapes and line of a shader that does not compile, and goes on', async () => {
  const table = lowerings as Map<string, Lowering>;
  table.set('webgpuBroken', brokenLowering);
  const backend = await createOnDevice();
  try {
    const graph = trace(() => ({ y: broken([input('x', [3])], {})[0]! }));
    const refused = backend.compile(graph, { state: backend.createState() });
    await expect(refused).rejects.toBeInstanceOf(BackendError);
    await expect(refused).rejects.toThrow(
      /^webgpuBroken of f32 \[3\]: the shader 'brokenKernel' does not compile: line \d+: .*: y\[i\] = x\[i\] \+ true;/,
    );
    const executable = await backend.compile(doubled, { state: backend.createState() });
    expect((await executable.run(inputs)).y).toEqual(Float32Array.of(2, 4, 6));
  } finally {
    table.delete('webgpuBroken');
    await backend.dispose();
  }
});

it('says what a device refuses, and of whom it asked', async () => {
  const { device } = await requestDevice({});
  const refused = accepted(device, () => device.createBuffer({ size: 2 ** 50, usage: STORAGE }));
  await expect(refused).rejects.toBeInstanceOf(BackendError);
  await expect(refused).rejects.toThrow(
    /^the GPU refuses what the webgpu backend tells it: Buffer/,
  );
  expect(
    (await accepted(device, () => device.createBuffer({ size: 4, usage: STORAGE }))).size,
  ).toBe(4);
  device.destroy();
});

it('says what to do where there is no adapter', async () => {
  const gpu = { requestAdapter: async () => null } as unknown as GPU;
  const refused = createBackend({ gpu });
  await expect(refused).rejects.toBeInstanceOf(BackendError);
  await expect(refused).rejects.toThrow(
    /^there is WebGPU, and no adapter for the webgpu backend: install the /,
  );
});

/** What a program prints that makes a backend of a package in a process of its own. */
async function printed(module: URL, environment: Record<string, string>): Promise<string> {
  const script = `
    const { createBackend } = await import(process.argv[1]);
    await createBackend().then(() => console.log('made'), (error) => console.log(error.name, error.message));`;
  const program = ['--input-type=module', '--eval', script, module.href];
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...environment };
  return (await promisify(execFile)(process.execPath, program, { env })).stdout.trimEnd();
}

const here = new URL('../', import.meta.url);

it('says what to install where there is no WebGPU in Node', async () => {
  // The built package and core, where no other package is found.
  const folder = await mkdtemp(join(tmpdir(), 'sketchgrad-webgpu-'));
  try {
    const scope = join(folder, 'node_modules', '@sketchgrad');
    await mkdir(scope, { recursive: true });
    const own = join(scope, 'backend-webgpu');
    for (const part of ['dist', 'package.json'])
      await cp(new URL(part, here), join(own, part), { recursive: true });
    await symlink(fileURLToPath(new URL('../core', here)), join(scope, 'core'));
    expect(await printed(pathToFileURL(join(own, 'dist', 'index.js')), {})).toBe(
      'BackendError the webgpu backend needs the package webgpu in Node, which is not installed; add it with: npm install webgpu@0.6.2',
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('lets a process end that does not dispose of it', async () => {
  expect(await printed(new URL('dist/index.js', here), await gpuEnvironment())).toBe('made');
});
