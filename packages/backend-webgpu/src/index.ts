export { createBackend, type WebgpuOptions } from './backend.js';
