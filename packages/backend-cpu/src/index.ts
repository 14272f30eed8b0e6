export { type CpuOptions, createBackend } from './cpu-backend.js';
