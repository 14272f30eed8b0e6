import { defineConfig } from 'tsup';

export default defineConfig({
  // What command lines share stands apart, so that measuring needs none of it.
  entry: { index: 'src/index.ts', 'command-line': 'src/command-line/index.ts' },
  format: ['esm'],
  target: 'es2022',
  clean: true,
  sourcemap: true,
});
