export { ENCODER_ARCHITECTURES, longestSequence } from './table.js';
