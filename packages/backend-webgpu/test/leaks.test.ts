import { add, input, matmul, parameter, softmax, trace } from '@sketchgrad/core';
import { expect, it } from 'vitest';
import { createBackend } from '../src/backend.js';
import { requestDevice } from '../src/request-device.js';
import './support/gpu.js';

/** A device whose buffers are counted. */
async function countedDevice(): Promise<{ device: GPUDevice; alive: Set<GPUBuffer> }> {
  const { device } = await requestDevice({});
  const alive = new Set<GPUBuffer>();
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    alive.add(buffer);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      alive.delete(buffer);
      return destroy();
    };
    return buffer;
  };
  return { device, alive };
}

const graph = trace(() => {
  const x = input('x', [5, 4]);
  return { y: softmax(add(matmul(x, parameter('w', [4, 7])), parameter('b', [7]))) };
});
const inputs = { x: new Float32Array(20).fill(0.5) };

it('holds as many buffers after 1,000 steps as after one, and none once all is disposed of', async () => {
  const { device, alive } = await countedDevice();
  const backend = await createBackend({ device });
  const state = backend.createState();
  const executable = await backend.compile(graph, { state });
  await executable.run(inputs);
  const after = alive.size;
  for (let step = 1; step < 1000; step += 10)
    await Promise.all(Array.from({ length: 10 }, () => executable.run(inputs)));
  expect(alive.size).toBe(after);
  await executable.dispose();
  await state.dispose();
  await backend.dispose();
  expect([...alive].map(({ label }) => label)).toEqual([]);
});

it('leaves no buffers of executables and states behind', async () => {
  const { device, alive } = await countedDevice();
  const backend = await createBackend({ device });
  const once = async () => {
    const state = backend.createState();
    const executable = await backend.compile(graph, { state });
    await executable.run(inputs);
    await executable.dispose();
    await state.dispose();
  };
  await once();
  const before = alive.size;
  for (let round = 0; round < 20; round++) await once();
  expect(alive.size).toBe(before);
  await backend.dispose();
  expect(alive.size).toBe(0);
});
