import { conformance } from '@sketchgrad/testing';
import { createBackend } from '../src/index.js';
import { addStandIns } from './support/stand-ins.js';

addStandIns();

for (const platform of ['cpu', 'wasm'] as const)
  conformance(`tfjs on ${platform}`, (limits) => createBackend({ platform, ...limits }), {
    capabilities: { measuresTouched: true, exactBits: true },
    // TensorFlow.js's erf is within 1.5e-7 (Abramowitz and Stegun, 7.1.26), of two summands of up to 0.3
    // that cancel where GELU's slope is 0.
    tolerances: { geluGradient: { relative: 2e-6, ofLargest: 1.2e-5 } },
  });
