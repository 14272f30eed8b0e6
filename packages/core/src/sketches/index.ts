export { count } from './count.js';
export { dct } from './dct.js';
export { dft } from './dft.js';
export { gaussian } from './gaussian.js';
export { hadamard } from './hadamard.js';
export { rademacher } from './rademacher.js';
export type { Sketch } from './sketch.js';
