import { loadBackend } from '@sketchgrad/core';
import { conformance } from '@sketchgrad/testing';

// The built package, as users load it: its workers and kernels are files beside dist/index.js.
conformance('cpu', () => loadBackend('cpu', { threads: 2 }), { loadOptions: { threads: 2 } });
conformance('cpu', () => loadBackend('cpu', { threads: 3 }), { loadOptions: { threads: 3 } });
