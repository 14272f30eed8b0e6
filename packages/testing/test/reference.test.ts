import { createReferenceBackend } from '@sketchgrad/core/reference';
import { conformance } from '../src/index.js';

conformance('reference', async () => createReferenceBackend({ precision: 'f32' }));
