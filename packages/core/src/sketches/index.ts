export { count } from './count.js';
export { gaussian } from './gaussian.js';
export { rademacher } from './rademacher.js';
export type { Sketch } from './sketch.js';
