import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    browser: 'src/browser/index.ts',
    child: 'src/child.ts',
    fuzz: 'src/fuzz/index.ts',
    'fuzz-child': 'src/fuzz/child.ts',
    'fuzz-command': 'src/fuzz/command.ts',
    gpu: 'src/gpu/index.ts',
    kills: 'src/kills/index.ts',
    'page-vitest': 'src/browser/page-vitest.ts',
    process: 'src/process.ts',
  },
  format: ['esm'],
  target: 'es2022',
  clean: true,
  sourcemap: true,
});
