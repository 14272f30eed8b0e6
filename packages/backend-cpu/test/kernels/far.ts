import { constantOf } from '../edges/assembly.js';

const CACHED = constantOf('memory/near', 'CACHED');
const PAGE = constantOf('memory/near', 'PAGE');
const rowsAt = (features: number) => Math.floor(CACHED / features);

/**
 * Rows and features of matrices on both sides of where kernels bring rows near: as large as caches and
 * a row larger, with rows that fill a part of a page, all of it, and more. Matrices of 8 MiB are tried
 * here and not among the conformance suite's edges, which draw each number by threefry and go through
 * the reference executor: drawing alone takes a third of a second a matrix, at every number of threads.
 */
export const FAR: readonly (readonly [rows: number, features: number])[] = [
  [rowsAt(101), 101],
  [rowsAt(101) + 1, 101],
  [rowsAt(PAGE), PAGE],
  [rowsAt(PAGE) + 1, PAGE],
  [rowsAt(PAGE) + 1, PAGE + 1],
];
