import { conformance } from '@sketchgrad/testing';
import { createBackend } from '../../src/index.js';
import { TOLERANCES } from '../support/tolerances.js';

conformance('tfjs on node', (limits) => createBackend({ platform: 'node', ...limits }), {
  capabilities: { measuresTouched: true, exactBits: true },
  tolerances: TOLERANCES,
});
