import { type BlockOptions, independentEntries } from './independent-entries.js';
import type { Sketch } from './sketch.js';

/** Independent random signs over √p. Their kurtosis is 1. */
export const rademacher = (options: BlockOptions = {}): Sketch =>
  independentEntries('rademacher', () => 1, options);
