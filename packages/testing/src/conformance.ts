import type { Backend } from '@sketchgrad/core';
import { afterAll, beforeAll, describe } from 'vitest';
import type { Edges } from './edges/edge.js';
import { determinismTheme } from './themes/determinism.js';
import { deviceTheme } from './themes/device.js';
import { edgeTheme } from './themes/edges.js';
import { errorTheme } from './themes/errors.js';
import { hostStoreTheme } from './themes/host-store.js';
import { memoryTheme } from './themes/memory.js';
import { operationTheme } from './themes/operations.js';
import { randomnessTheme } from './themes/randomness.js';
import { stateTheme } from './themes/state.js';
import type { Theme } from './themes/theme.js';
import { trainingTheme } from './themes/training.js';

const THEMES: readonly Theme[] = [
  operationTheme,
  edgeTheme,
  randomnessTheme,
  trainingTheme,
  memoryTheme,
  hostStoreTheme,
  determinismTheme,
  stateTheme,
  deviceTheme,
  errorTheme,
];

export interface ConformanceOptions {
  /** Where the backend under test is, where one found by its name could be another build: a URL. */
  readonly module?: string;
  /** How another process makes the same backend: `loadBackend(module ?? name, loadOptions)`. */
  readonly loadOptions?: Readonly<Record<string, unknown>>;
  /**
   * The sizes at which the backend's kernels begin another vector, tile, block or thread's share, from
   * the kernels' own constants. None for a backend of plain loops.
   */
  readonly edges?: Edges;
}

/**
 * Declares, with vitest, the tests that every backend must pass: call it from a test file.
 *
 * @param name the backend's name for `loadBackend`
 * @param create makes a backend; the suite disposes of what it gets
 */
export function conformance(
  name: string,
  create: () => Promise<Backend>,
  { loadOptions = {}, module = name, edges }: ConformanceOptions = {},
): void {
  describe(`conformance of ${name}`, () => {
    let current: Backend | undefined;
    beforeAll(async () => {
      current = await create();
    });
    afterAll(async () => {
      await current?.dispose();
    });
    const context = {
      backend: () => current!,
      create,
      load: { name: module, options: loadOptions },
      edges,
    };
    for (const theme of THEMES) theme(context);
  });
}
