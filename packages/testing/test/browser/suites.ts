// Runs in the page of suites.test.ts.

import { createReferenceBackend } from '@sketchgrad/core/reference';
import { conformance } from '../../src/index.js';
import { createSmallBackend, SMALL_CAPABILITIES } from '../../src/small-backend/index.js';

conformance('small', createSmallBackend, { capabilities: SMALL_CAPABILITIES });
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
  },
});
