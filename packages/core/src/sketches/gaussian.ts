import { sketch } from '../ops/sketch.js';
import { gaussianKurtosis } from '../random/gaussian-table.js';
import { independentEntriesVariance } from '../variance/independent-entries.js';
import type { Sketch } from './sketch.js';

/**
 * Independent entries from the Gaussian quantile table, variance 1/p. Its kurtosis, a little under
 * 3, enters the variance, which is exact for the numbers that are really drawn.
 */
export const gaussian = (): Sketch => ({
  name: 'gaussian',
  apply: (x, key, rows) => sketch(x, { kind: 'gaussian', rows, key }),
  variance: (moments, rows) => independentEntriesVariance(moments, rows, gaussianKurtosis()),
});
