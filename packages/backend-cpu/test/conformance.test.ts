import { loadBackend } from '@sketchgrad/core';
import { conformance } from '@sketchgrad/testing';
import { fingerprintOf } from '@sketchgrad/testing/process';
import { edges } from './edges/edges.js';

// The built package, as users load it: its workers and kernels are files beside dist/index.js. By
// its place, not its name: another build of it may be found by that.
const module = new URL('../dist/index.js', import.meta.url).href;

// Blocks of the host store are small, so that tensors of the suite's sizes lie across them.
for (const setup of [
  { threads: 2, hostBlockBytes: 4096 },
  { threads: 3, hostBlockBytes: 8192 },
])
  conformance('cpu', (limits) => loadBackend(module, { ...setup, ...limits }), {
    capabilities: {
      ...{
        arena: true,
        overwrites: true,
        hostStore: true,
        measuresTouched: true,
        exactBits: true,
        subnormals: true,
      },
      processes: () => fingerprintOf(module, setup),
    },
    edges: edges(setup),
  });
