// The oracle that every backend is compared with, and what it evaluates: the entry
// `@sketchgrad/core/reference`.
export { createReferenceBackend, type ReferenceBackend } from './backend.js';
export type { ReferenceExecutable } from './executable.js';
export type { KernelCall, Numbers, ReferenceKernel, Tensor } from './kernel.js';
export { referenceKernels } from './kernels.js';
export { type MomentsOptions, moments } from './moments.js';
export type { Precision, ReferenceState } from './state.js';
