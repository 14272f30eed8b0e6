export { createBackend, type TfjsOptions } from './backend.js';
export type { PlatformName } from './platforms/platform.js';
