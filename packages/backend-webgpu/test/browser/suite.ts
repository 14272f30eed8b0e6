import { conformance } from '@sketchgrad/testing';
import { createBackend } from '../../src/backend.js';
import { requestDevice } from '../../src/request-device.js';

/** One for all backends of the page: its programs are compiled once. */
const { device } = await requestDevice({});

conformance('webgpu in a page', (limits) => createBackend({ device, ...limits }), {
  capabilities: {
    ...{ arena: true, overwrites: true, measuresTouched: true, exactBits: true },
    bufferBytes: Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize),
  },
});
