// What differs by where it runs, as it is elsewhere than in Node: package.json's `imports` takes
// node/node.ts there, and bundlers for browsers take this.

import type { Platform } from './platforms/platform.js';

export const nodePlatforms: readonly Platform[] = [];

/** What a page is trusted with where the browser does not say, in GiB. */
const GUESS = 4;

/** A guess at the memory that a page may have: browsers say it in steps, and 8 GiB at most. */
export const memoryBytes = (): number =>
  ((globalThis.navigator as { deviceMemory?: number } | undefined)?.deviceMemory ?? GUESS) *
  2 ** 30;
