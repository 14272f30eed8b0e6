import { copyFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { index: 'src/index.ts', worker: 'src/runtime/worker.ts' },
  format: ['esm'],
  target: 'es2022',
  clean: true,
  sourcemap: true,
  splitting: true,
  onSuccess: () => copyFile('build/kernels.wasm', 'dist/kernels.wasm'),
});
