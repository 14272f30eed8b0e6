import { defineConfig } from 'tsup';

export default defineConfig({
  // What needs Node stands apart, so that the rest runs in a browser.
  entry: {
    index: 'src/index.ts',
    backend: 'src/execution/for-backends.ts',
    reference: 'src/reference/index.ts',
    node: 'src/node/index.ts',
    // package.json's `imports` chooses between these two where the package is used.
    platform: 'src/platform.ts',
    'node/platform': 'src/node/platform.ts',
  },
  external: ['#platform'],
  format: ['esm'],
  target: 'es2022',
  clean: true,
  sourcemap: true,
});
