import { defineConfig } from 'tsup';

export default defineConfig({
  // What needs Node stands apart, so that the rest runs in a browser; and so does the language, which a
  // page that trains may do without.
  entry: {
    index: 'src/index.ts',
    language: 'src/language/index.ts',
    node: 'src/node/index.ts',
  },
  format: ['esm'],
  target: 'es2022',
  clean: true,
  sourcemap: true,
});
