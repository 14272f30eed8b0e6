import type { Edge } from '@sketchgrad/testing';

/** Edges along one axis: sizes, and the op's other sizes where they matter. */
export const along = (axis: string, sizes: readonly number[], where?: Edge['where']): Edge[] =>
  [...new Set(sizes)].map((at) => ({ along: axis, at, ...(where ? { where } : {}) }));
