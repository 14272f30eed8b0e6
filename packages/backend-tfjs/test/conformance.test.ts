import { conformance } from '@sketchgrad/testing';
import { createBackend } from '../src/index.js';
import { TOLERANCES } from './support/tolerances.js';

for (const platform of ['cpu', 'wasm'] as const)
  conformance(`tfjs on ${platform}`, (limits) => createBackend({ platform, ...limits }), {
    capabilities: { measuresTouched: true, exactBits: true, subnormals: true },
    tolerances: TOLERANCES,
  });
