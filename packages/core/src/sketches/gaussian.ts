import { gaussianKurtosis } from '../random/gaussian-table.js';
import { type BlockOptions, independentEntries } from './independent-entries.js';
import type { Sketch } from './sketch.js';

/**
 * Independent entries from the Gaussian quantile table, variance 1/p. Its kurtosis, a little under
 * 3, enters the variance, which is exact for the numbers that are really drawn.
 */
export const gaussian = (options: BlockOptions = {}): Sketch =>
  independentEntries('gaussian', gaussianKurtosis, options);
