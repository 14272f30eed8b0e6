export { createSmallBackend, SMALL_CAPABILITIES } from './backend.js';
