// Every package's `test` script runs vitest with this file from the package's own folder.

import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,mjs}'],
    // `npm run test:libtensorflow` runs those: tools/tfjs-node/vitest.config.mjs.
    exclude: [...configDefaults.exclude, 'test/libtensorflow/**'],
    setupFiles: [fileURLToPath(new URL('./tools/seeds.mjs', import.meta.url))],
    // Far above what any test takes alone: two cores may be running several packages' tests.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // tools/checks/tests.mjs adds up the counts.
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
  },
});
