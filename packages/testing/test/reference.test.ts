import { createReferenceBackend } from '@sketchgrad/core/reference';
import { conformance } from '../src/index.js';
import { fingerprintOf } from '../src/process.js';

conformance('reference', async (limits) => createReferenceBackend(limits), {
  capabilities: {
    ...{
      arena: true,
      overwrites: true,
      hostStore: true,
      measuresTouched: true,
      exactBits: true,
      subnormals: true,
    },
    processes: () => fingerprintOf('reference'),
  },
});
