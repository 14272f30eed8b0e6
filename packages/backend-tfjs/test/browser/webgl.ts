import { conformance } from '@sketchgrad/testing';
import { createBackend } from '../../src/index.js';
import { TOLERANCES } from '../support/tolerances.js';

conformance('tfjs on webgl', (limits) => createBackend({ platform: 'webgl', ...limits }), {
  capabilities: { measuresTouched: true },
  tolerances: {
    ...TOLERANCES,
    // Numbers below the least normal one, which other tolerances let be 0.
    relu: { relative: 0, ofLargest: Number.MIN_VALUE },
  },
});
