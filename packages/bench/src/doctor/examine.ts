import { type Backend, type DeviceLimits, SketchgradError } from '@sketchgrad/core';
import { openBackend } from '../open-backend.js';
import { TRIALS, tryOn } from './checks.js';

/** What may compute, as the command lines take it. */
export const BACKEND_NAMES = [
  'cpu',
  'webgpu',
  ...['node-gpu', 'node', 'webgpu', 'webgl', 'wasm', 'cpu'].map((name) => `tfjs:${name}`),
  'reference',
] as const;

/** How a backend is. */
export interface Examination {
  readonly backend: string;
  readonly works: boolean;
  /** What it has to compute with at most; absent where it does not start. */
  readonly limits?: DeviceLimits;
  /** Of its own, such as how many threads it has. */
  readonly settings?: Readonly<Record<string, number | string>>;
  /** Of the libraries beneath it. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Seconds of each thing that was tried on it; those that worked. */
  readonly seconds: Readonly<Record<string, number>>;
  /** What is wrong, and what mends it. */
  readonly problem?: string;
}

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Starts a backend and tries a product, a sketch and a training step on it. */
export async function examine(name: string): Promise<Examination> {
  let backend: Backend;
  try {
    backend = await openBackend({ backend: name });
  } catch (error) {
    if (!(error instanceof SketchgradError)) throw error;
    return { backend: name, works: false, seconds: {}, problem: error.message };
  }
  const { limits, settings, versions } = backend;
  const seconds: Record<string, number> = {};
  const about = {
    ...{ backend: name, limits, seconds },
    ...(settings && { settings }),
    ...(versions && { versions }),
  };
  try {
    for (const [what, trial] of Object.entries(TRIALS)) {
      try {
        seconds[what] = await tryOn(backend, trial);
      } catch (error) {
        return { ...about, works: false, problem: `${what}: ${wordsOf(error)}` };
      }
    }
    return { ...about, works: true };
  } finally {
    await backend.dispose();
  }
}
