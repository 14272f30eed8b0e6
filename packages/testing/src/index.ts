export type { Capabilities } from './capabilities.js';
export { type ConformanceOptions, conformance } from './conformance.js';
export type { Edge, Edges } from './edges/edge.js';
export { refusesNonsense } from './nonsense.js';
