import { conformance } from '@sketchgrad/testing';
import { createBackend } from '../src/index.js';
import { addStandIns } from './support/stand-ins.js';
import { TOLERANCES } from './support/tolerances.js';

addStandIns();

for (const platform of ['cpu', 'wasm'] as const)
  conformance(`tfjs on ${platform}`, (limits) => createBackend({ platform, ...limits }), {
    capabilities: { measuresTouched: true, exactBits: true },
    tolerances: TOLERANCES,
  });
