import type { Backend, DeviceLimits } from '@sketchgrad/core';
import type { Capabilities } from '../capabilities.js';
import type { Tolerance } from '../compare.js';
import type { Edges } from '../edges/edge.js';

/** A part of the suite: declares its tests with vitest's describe and it. */
export type Theme = (context: ThemeContext) => void;

/** Limits that the suite makes smaller than a backend's own, in bytes. */
export interface SmallerLimits extends Partial<DeviceLimits> {
  /** The largest buffer; only where the backend claims `bufferBytes`. */
  readonly bufferBytes?: number;
}

/** Makes a backend. */
export type CreateBackend = (limits?: SmallerLimits) => Promise<Backend>;

export interface ThemeContext {
  /** The backend under test; there only while tests run. */
  backend(): Backend;
  /** Another one, made the same way; who asks disposes of it. */
  readonly create: CreateBackend;
  readonly capabilities: Capabilities;
  /** How far each op, and `training`, may be from the reference. */
  readonly tolerances: Readonly<Record<string, Tolerance>>;
  /** Where the backend's kernels turn; undefined for one of plain loops. */
  readonly edges?: Edges | undefined;
}
