export { independentEntriesVariance } from './independent-entries.js';
export { gradientSquaredNorm, type Moments, moments } from './moments.js';
