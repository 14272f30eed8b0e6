import { checkMembers, type ObjectKind } from './check-members.js';

const BACKEND: ObjectKind = {
  accepted: "a backend, such as await loadBackend('cpu') gives",
  members: {
    ...{ name: 'string', limits: 'object', createState: 'function' },
    ...{ plan: 'function', compile: 'function' },
  },
};

const STATE: ObjectKind = {
  accepted: "a backend's state, such as a run's `state` or backend.createState()",
  members: {
    ...{ tensors: 'object', allocate: 'function', read: 'function', write: 'function' },
    dispose: 'function',
  },
};

const SKETCH: ObjectKind = {
  accepted: 'a sketch, such as gaussian() or count() gives',
  members: { name: 'string', apply: 'function', variance: 'function' },
};

const GRAPH: ObjectKind = {
  accepted: 'a graph, such as trace(() => …) gives',
  members: {
    ...{ nodes: 'array', inputs: 'array', persistents: 'array', constants: 'array' },
    outputs: 'object',
  },
};

const PLAN: ObjectKind = {
  accepted: 'a memory plan, such as planMemory(graph) gives',
  members: {
    ...{ schedule: 'array', allocations: 'array', places: 'object', buffers: 'array' },
    peakBytes: 'number',
    ...{ arenaBytes: 'number', hostBytes: 'number', kept: 'array', categories: 'object' },
  },
};

const MOMENTS: ObjectKind = {
  accepted: 'moments, such as moments(x, y, rows) gives',
  members: {
    ...{ rows: 'number', normProduct: 'number', gradientNorm: 'number', rowProducts: 'number' },
  },
};

const SPARSE_MATRIX: ObjectKind = {
  accepted: 'a sparse matrix, such as sparseMatrix(parts, transpose) gives',
  members: {
    ...{ rows: 'number', columns: 'number', transposed: 'function' },
    ...{ rowPointers: 'object', columnIndices: 'object' },
  },
};

/** @throws UsageError for what is no backend */
export const checkBackend = (name: string, value: unknown): void =>
  checkMembers(name, value, BACKEND);

/** @throws UsageError for what is no state of a backend */
export const checkState = (name: string, value: unknown): void => checkMembers(name, value, STATE);

/** @throws UsageError for what is no sketch */
export const checkSketch = (name: string, value: unknown): void =>
  checkMembers(name, value, SKETCH);

/** @throws UsageError for what is no graph */
export const checkGraph = (name: string, value: unknown): void => checkMembers(name, value, GRAPH);

/** @throws UsageError for what is no memory plan */
export const checkPlan = (name: string, value: unknown): void => checkMembers(name, value, PLAN);

/** @throws UsageError for what are no moments */
export const checkMoments = (name: string, value: unknown): void =>
  checkMembers(name, value, MOMENTS);

/** @throws UsageError for what is no sparse matrix */
export const checkSparseMatrix = (name: string, value: unknown): void =>
  checkMembers(name, value, SPARSE_MATRIX);
