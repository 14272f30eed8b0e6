// Runs tests of several packages on the packages' sources, mutants and all, in place of what is built.
// @ts-check

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Written by stryker.mjs. @type {string[]} */
const suites = JSON.parse(readFileSync(join(root, 'suites.json'), 'utf8'));

/** @param {string} path */
const at = (path) => join(root, 'packages', path);

export default defineConfig({
  root,
  resolve: {
    alias: [
      // Its kernels and workers are files beside what was built.
      { find: '@sketchgrad/backend-cpu', replacement: at('backend-cpu/dist/index.js') },
      { find: /^@sketchgrad\/(\w+)$/, replacement: at('$1/src/index.ts') },
      { find: /^@sketchgrad\/(\w+)\/([\w-]+)$/, replacement: at('$1/src/$2/index.ts') },
    ],
  },
  test: {
    include: suites,
    setupFiles: [join(root, 'tools/seeds.mjs')],
    env: { SKETCHGRAD_MUTATE: '1' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
