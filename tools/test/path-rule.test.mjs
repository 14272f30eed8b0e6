import { expect, test } from 'vitest';
import { namedPaths, pathBreaches } from '../checks/path-rule.mjs';
import { makeTree } from './tree.mjs';

const files = {
  'packages/core/src/ops/add.ts': '',
  'packages/core/dist/gone.ts': '',
  'packages/core/test/edges/edge.ts': '',
};

test.each([
  'packages/core/src/ops/add.ts',
  'packages/core/src/ops/NAME.ts',
  'packages/core/src/ops',
  'ops/',
  'ops/add.ts',
  'test/edges',
])('%s is there', (path) => {
  expect(pathBreaches(makeTree({ ...files, 'CONTRIBUTING.md': `\n\`${path}\`` }))).toEqual([]);
});

test.each([
  'packages/core/src/ops/sub.ts',
  'packages/core/src/NAME/kernels/NAME.ts',
  'packages/src/ops/add.ts',
  'ps/add.ts',
  'ops/add',
  'op/',
  'core/dist/gone.ts',
  'ops/add.ts/',
])('%s is not, and is told with its line', (path) => {
  expect(pathBreaches(makeTree({ ...files, 'CONTRIBUTING.md': `\n\`${path}\`` }))).toEqual([
    `CONTRIBUTING.md:2: '${path}' is not there`,
  ]);
});

test('paths are what stands between backticks with a slash, and where links within lead', () => {
  const text = [
    '`a/b.ts` and `run/`, in [c](d/e.ts) and [f](g.json)',
    '`dist/`, `./node`, `~/.cache/x`, `@sketchgrad/core`, `pnpm x/y`, [h](https://i.com/j), `k`',
  ].join('\n');
  expect(namedPaths(text)).toEqual(
    ['a/b.ts', 'run/', 'd/e.ts', 'g.json'].map((path) => ({ path, line: 1 })),
  );
});
