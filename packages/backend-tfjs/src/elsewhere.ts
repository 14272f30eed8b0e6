// What differs by where it runs, as it is elsewhere than in Node: package.json's `imports` takes
// node/node.ts there, and bundlers for browsers take this.

import type { Platform } from './platforms/platform.js';

export const nodePlatforms: readonly Platform[] = [];
