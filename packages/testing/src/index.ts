export type { Capabilities } from './capabilities.js';
export type { OperationCase } from './cases/case.js';
export { operationCases } from './cases/index.js';
export { type ConformanceOptions, conformance } from './conformance.js';
export type { Edge, Edges } from './edges/edge.js';
export { refusesNonsense } from './nonsense.js';
export { buildCase, givenTo } from './themes/compared.js';
