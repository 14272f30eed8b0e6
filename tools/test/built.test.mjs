import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packagesOf } from '../built.mjs';
import { findPackages } from '../checks/workspace.mjs';
import { root } from '../command.mjs';
import { makeTree } from './tree.mjs';

test('a program needs its own package and all that this depends on in the repository', () => {
  const tree = makeTree({
    'apps/app/package.json': { name: 'app', dependencies: { b: '*', commander: '*' } },
    'packages/a/package.json': { name: 'a', dependencies: { c: '*' } },
    'packages/b/package.json': { name: 'b', dependencies: { a: '*', c: '*' } },
    'packages/c/package.json': { name: 'c', devDependencies: { d: '*' } },
    'packages/d/package.json': { name: 'd' },
  });
  const names = packagesOf(findPackages(tree), 'apps/app/dist/cli.js').map(
    ({ manifest }) => manifest.name,
  );
  expect(names).toEqual(['app', 'b', 'a', 'c']);
});

test('the program has its own words, and its exit code', () => {
  const words = [join(root, 'tools/built.mjs'), 'tools/run.mjs', 'strat'];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('unknown word "strat"');
});
