import { copyFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { defineConfig } from 'tsup';

// Once it is built: this file is read in a fresh checkout, too.
const kernels = () => createRequire(import.meta.url).resolve('@sketchgrad/assembly/cpu.wasm');

export default defineConfig({
  entry: { index: 'src/index.ts', worker: 'src/runtime/worker.ts' },
  format: ['esm'],
  target: 'es2022',
  clean: true,
  sourcemap: true,
  splitting: true,
  onSuccess: () => copyFile(kernels(), 'dist/kernels.wasm'),
});
