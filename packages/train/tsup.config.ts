import { defineConfig } from 'tsup';

export default defineConfig({
  // Checkpoints need Node's file system, and stand apart so that the rest runs in a browser.
  entry: { index: 'src/index.ts', checkpoints: 'src/checkpoints/index.ts' },
  format: ['esm'],
  target: 'es2022',
  clean: true,
  sourcemap: true,
});
