import { copyFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/runtime/worker.ts'],
  // The worker is loaded by its path beside index.js.
  outDir: 'dist',
  format: ['esm'],
  target: 'es2022',
  dts: { entry: 'src/index.ts' },
  clean: true,
  sourcemap: true,
  splitting: true,
  onSuccess: () => copyFile('build/kernels.wasm', 'dist/kernels.wasm'),
});
