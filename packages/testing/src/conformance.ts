import type { Backend } from '@sketchgrad/core';
import { afterAll, beforeAll, describe } from 'vitest';
import type { Capabilities } from './capabilities.js';
import type { Tolerance } from './compare.js';
import type { Edges } from './edges/edge.js';
import { arenaTheme } from './themes/arena.js';
import { determinismTheme } from './themes/determinism.js';
import { deviceTheme } from './themes/device.js';
import { edgeTheme } from './themes/edges.js';
import { errorTheme } from './themes/errors.js';
import { hostStoreTheme } from './themes/host-store.js';
import { memoryTheme } from './themes/memory.js';
import { operationTheme } from './themes/operations.js';
import { randomnessTheme } from './themes/randomness.js';
import { sequenceTheme } from './themes/sequences.js';
import { stateTheme } from './themes/state.js';
import type { CreateBackend, Theme } from './themes/theme.js';
import { trainingTheme } from './themes/training.js';
import { TOLERANCES } from './tolerances.js';

const THEMES: readonly Theme[] = [
  operationTheme,
  edgeTheme,
  sequenceTheme,
  randomnessTheme,
  trainingTheme,
  memoryTheme,
  arenaTheme,
  hostStoreTheme,
  determinismTheme,
  stateTheme,
  deviceTheme,
  errorTheme,
];

export interface ConformanceOptions {
  /** What the backend can do. */
  readonly capabilities: Capabilities;
  /**
   * How far ops may be from the reference on a device whose arithmetic is coarser than 32-bit floats
   * are, by the op's name; `training` is for losses, gradients and updates of a whole encoder.
   */
  readonly tolerances?: Readonly<Record<string, Tolerance>>;
  /**
   * The sizes at which the backend's kernels begin another vector, tile, block or thread's share, from
   * the kernels' own constants. None for a backend of plain loops.
   */
  readonly edges?: Edges;
}

/**
 * Declares, with vitest, the tests that every backend must pass: call it from a test file.
 *
 * @param name what the tests are called by
 * @param create makes a backend, with limits that are smaller than its own where the suite names some;
 * the suite disposes of what it gets
 */
export function conformance(
  name: string,
  create: CreateBackend,
  { capabilities, tolerances = {}, edges }: ConformanceOptions,
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
      ...{ backend: () => current!, create, capabilities, edges },
      tolerances: { ...TOLERANCES, ...tolerances },
    };
    for (const theme of THEMES) theme(context);
  });
}
