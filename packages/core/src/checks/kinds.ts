import { checkMembers, type ObjectKind } from './check-members.js';

const BACKEND: ObjectKind = {
  accepted: "a backend, such as await loadBackend('cpu') gives",
  members: {
    ...{ name: 'string', memoryBytes: 'number', createState: 'function' },
    ...{ plan: 'function', compile: 'function' },
  },
};

const STATE: ObjectKind = {
  accepted: "a backend's state, such as a run's `state` or backend.createState()",
  members: { tensors: 'object', read: 'function', write: 'function' },
};

const SKETCH: ObjectKind = {
  accepted: 'a sketch, such as gaussian() or count() gives',
  members: { name: 'string', apply: 'function', variance: 'function' },
};

/** @throws UsageError for what is no backend */
export const checkBackend = (name: string, value: unknown): void =>
  checkMembers(name, value, BACKEND);

/** @throws UsageError for what is no state of a backend */
export const checkState = (name: string, value: unknown): void => checkMembers(name, value, STATE);

/** @throws UsageError for what is no sketch */
export const checkSketch = (name: string, value: unknown): void =>
  checkMembers(name, value, SKETCH);
