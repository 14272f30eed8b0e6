import { loadBackend } from '@sketchgrad/core';
import { conformance } from '@sketchgrad/testing';

// The built package, as users load it: its workers and kernels are files beside dist/index.js. By
// its place, not its name: another build of it may be found by that.
const module = new URL('../dist/index.js', import.meta.url).href;

for (const threads of [2, 3])
  conformance('cpu', () => loadBackend(module, { threads }), { module, loadOptions: { threads } });
