import type { Backend } from '@sketchgrad/core';
import type { Edges } from '../edges/edge.js';

/** A part of the suite: declares its tests with vitest's describe and it. */
export type Theme = (context: ThemeContext) => void;

export interface ThemeContext {
  /** The backend under test; there only while tests run. */
  backend(): Backend;
  /** Another one, made the same way; who asks disposes of it. */
  create(): Promise<Backend>;
  /** How `loadBackend` makes the same backend in another process. */
  readonly load: { readonly name: string; readonly options: Readonly<Record<string, unknown>> };
  /** Where the backend's kernels turn; undefined for one of plain loops. */
  readonly edges?: Edges | undefined;
}
