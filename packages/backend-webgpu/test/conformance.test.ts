import { conformance } from '@sketchgrad/testing';
import { expect, it } from 'vitest';
import { edges } from './edges/edges.js';
import { bufferBytes, createOnDevice, programs } from './support/gpu.js';

conformance('webgpu', createOnDevice, {
  capabilities: {
    ...{ arena: true, bufferBytes, overwrites: true, measuresTouched: true, exactBits: true },
  },
  edges,
});

it('has had at most 150 programs for all of it', () => {
  expect(programs()).toBeLessThanOrEqual(150);
  expect(programs()).toBeGreaterThan(50);
});
