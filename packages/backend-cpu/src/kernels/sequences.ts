import type { IndexCheck } from './kernel.js';

/** What a kernel checks that goes by where sequences begin: `longest` rows each, where that is said. */
export const startsCheck = (address: number, rows: number, longest?: number): IndexCheck => ({
  ...{ what: 'start', address, limit: rows, rising: 'to at most' },
  ...(longest === undefined ? {} : { step: longest }),
});
