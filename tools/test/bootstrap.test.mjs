import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { npxCommand, pinnedPackageManager, requireNode } from '../bootstrap.mjs';
import { root } from '../command.mjs';
import { makeTree } from './tree.mjs';

test('the pinned pnpm is read with or without its hash', () => {
  expect(pinnedPackageManager({ packageManager: 'pnpm@10.34.8' })).toBe('pnpm@10.34.8');
  expect(pinnedPackageManager({ packageManager: 'pnpm@10.34.8+sha512.ab' })).toBe('pnpm@10.34.8');
});

test.each([undefined, 'pnpm', 'pnpm@latest', 'pnpm@^10.0.0', 'yarn@4.0.0'])(
  'a package manager pinned as %s is refused',
  (packageManager) => {
    expect(() => pinnedPackageManager(packageManager ? { packageManager } : {})).toThrow(
      /expected "pnpm@" and an exact version/,
    );
  },
);

test('a Node that is too old is named with what is needed', () => {
  const manifest = { engines: { node: '>=20' } };
  expect(() => requireNode('18.20.4', manifest)).toThrow(
    'Node 18.20.4 is too old: Node 20 or newer is needed',
  );
  expect(() => requireNode('20.0.0', manifest)).not.toThrow();
  expect(() => requireNode('24.1.0', manifest)).not.toThrow();
  expect(() => requireNode('20.0.0', {})).toThrow(/expected ">=" and a number/);
});

test('npx is the one beside the npm that called, or else the one on the PATH', () => {
  const bin = makeTree({ 'npx-cli.js': '', 'npm-cli.js': '', 'pnpm.cjs': '' });
  expect(npxCommand({ npm_execpath: join(bin, 'npm-cli.js') })).toEqual([
    process.execPath,
    join(bin, 'npx-cli.js'),
  ]);
  expect(npxCommand({ npm_execpath: join(bin, 'pnpm.cjs') })).toEqual(['npx']);
  expect(npxCommand({})).toEqual(['npx']);
});

test('an unknown word ends with a message and no stack', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'tools/run.mjs'), 'strat'], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toBe(
    'sketchgrad: unknown word "strat"; expected one of start, test, test:libtensorflow\n',
  );
});

test('an npx that is not there is said so', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'tools/run.mjs'), 'test'], {
    encoding: 'utf8',
    env: { PATH: makeTree({}) },
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^sketchgrad: cannot start npx \(.*ENOENT.*\); it comes with npm/);
});
