import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    child: 'src/child.ts',
    fuzz: 'src/fuzz/index.ts',
    'fuzz-child': 'src/fuzz/child.ts',
    'fuzz-command': 'src/fuzz/command.ts',
    kills: 'src/kills/index.ts',
  },
  format: ['esm'],
  target: 'es2022',
  dts: { entry: { index: 'src/index.ts', fuzz: 'src/fuzz/index.ts', kills: 'src/kills/index.ts' } },
  clean: true,
  sourcemap: true,
});
