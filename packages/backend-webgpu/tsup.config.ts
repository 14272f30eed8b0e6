import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    // package.json's `imports` chooses between these two where the package is used.
    elsewhere: 'src/elsewhere.ts',
    'node/node': 'src/node/node.ts',
  },
  external: ['#node'],
  format: ['esm'],
  target: 'es2022',
  clean: true,
  sourcemap: true,
});
