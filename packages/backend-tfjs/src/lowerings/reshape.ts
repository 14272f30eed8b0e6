import type { Lowering } from '../lowering.js';

/** A view: its input's tensor in another shape. */
export const reshape: Lowering = { op: 'reshape', lower: () => [] };
