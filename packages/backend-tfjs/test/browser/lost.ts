import {
  add,
  type Backend,
  DeviceLostError,
  type DeviceState,
  type Executable,
  input,
  parameter,
  trace,
} from '@sketchgrad/core';
import { engine } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { createBackend } from '../../src/index.js';

interface Graphics {
  readonly gpgpu: { readonly gl: WebGLRenderingContext };
}

const graph = trace(() => ({ y: add(input('x', [3]), parameter('w', [3])) }));

it('says that the device is gone, and is disposed of all the same', async () => {
  const backend: Backend = await createBackend({ platform: 'webgl' });
  const state: DeviceState = backend.createState();
  const executable: Executable = await backend.compile(graph, { state });
  const inputs = { x: Float32Array.of(1, 2, 3) };
  expect((await executable.run(inputs)).y).toEqual(inputs.x);
  const { gpgpu } = engine().findBackend('webgl') as unknown as Graphics;
  gpgpu.gl.getExtension('WEBGL_lose_context')!.loseContext();
  for (const refused of [
    () => executable.run(inputs),
    () => state.read('w'),
    () => state.write('w', inputs.x),
    () => backend.compile(graph, { state }),
  ]) {
    await expect(refused()).rejects.toBeInstanceOf(DeviceLostError);
    await expect(refused()).rejects.toThrow(/webgl is gone.*checkpoint/);
  }
  for (const part of [executable, state, backend]) await part.dispose();
});
