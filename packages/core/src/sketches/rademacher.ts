import { sketch } from '../ops/sketch.js';
import { independentEntriesVariance } from '../variance/independent-entries.js';
import type { Sketch } from './sketch.js';

/** Independent random signs over √p. Their kurtosis is 1. */
export const rademacher = (): Sketch => ({
  name: 'rademacher',
  apply: (x, key, rows) => sketch(x, { kind: 'rademacher', rows, key }),
  variance: (moments, rows) => independentEntriesVariance(moments, rows, 1),
});
