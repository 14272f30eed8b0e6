export type { Packing } from './packing.js';
export type { Files, FuzzInput, FuzzReader } from './reader.js';
export { type FuzzFailure, type FuzzOptions, type FuzzSummary, fuzz } from './run.js';
