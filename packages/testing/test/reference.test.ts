import { createReferenceBackend } from '@sketchgrad/core';
import { conformance } from '../src/index.js';

conformance('reference', async () => createReferenceBackend({ precision: 'f32' }));
