// The tests on a real libtensorflow: those in `test/libtensorflow` of a package, which the other ones leave out.

import { configDefaults, defineConfig } from 'vitest/config';
import everyTest from '../../vitest.config.ts';

export default defineConfig({
  test: {
    ...everyTest.test,
    include: ['test/libtensorflow/**/*.test.ts'],
    exclude: configDefaults.exclude,
    reporters: ['default', ['json', { outputFile: 'test-results.libtensorflow.json' }]],
  },
});
