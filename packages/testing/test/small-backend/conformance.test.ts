import { conformance } from '../../src/index.js';
import { createSmallBackend, SMALL_CAPABILITIES } from '../../src/small-backend/index.js';

conformance('small', createSmallBackend, { capabilities: SMALL_CAPABILITIES });
