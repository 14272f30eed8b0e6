export { count } from './count.js';
export { gaussian, rademacher } from './independent-entries.js';
export { dct, dft, hadamard } from './orthonormal.js';
export type { Sketch } from './sketch.js';
