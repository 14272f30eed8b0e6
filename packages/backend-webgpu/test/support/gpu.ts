import type { Backend } from '@sketchgrad/core';
import { prepareGpu } from '@sketchgrad/testing/gpu';

// Before anything imports npm's webgpu.
await prepareGpu();
const { createBackend } = await import('../../src/backend.js');
const { pipelinesOf } = await import('../../src/pipelines.js');
const { requestDevice } = await import('../../src/request-device.js');

type Options = NonNullable<Parameters<typeof createBackend>[0]>;

/** One for all backends of a test file: its programs are compiled once. */
const { device } = await requestDevice({});

/** A backend on the device that all tests of a file have. */
export const createOnDevice = (options: Options = {}): Promise<Backend> =>
  createBackend({ device, ...options });

/** Bytes of the largest buffer that the device binds. */
export const bufferBytes = Math.min(
  device.limits.maxStorageBufferBindingSize,
  device.limits.maxBufferSize,
);

/** How many programs were compiled for the device so far. */
export const programs = (): number => pipelinesOf(device).count;
