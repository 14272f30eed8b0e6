import { expect, test } from 'vitest';
import { manifestBreaches } from '../checks/manifest-rule.mjs';
import { makeTree } from './tree.mjs';

const good = {
  name: '@sketchgrad/core',
  version: '0.0.0',
  description: 'What it is',
  keywords: ['training'],
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=20' },
  exports: { '.': './dist/index.js' },
  files: ['dist'],
  publishConfig: { access: 'public' },
  repository: {
    type: 'git',
    url: 'git+https://github.com/sketchgrad/sketchgrad.git',
    directory: 'packages/core',
  },
};

/** @param {object} manifest @param {import('./tree.mjs').Files} [files] */
const breachesOf = (manifest, files = { 'packages/core/README.md': '# core' }) =>
  manifestBreaches(makeTree({ 'packages/core/package.json': manifest, ...files }));

test('a manifest that says everything has no breach', () => {
  expect(breachesOf(good)).toEqual([]);
});

test('a private package may say what it likes', () => {
  expect(breachesOf({ name: '@sketchgrad/testing', private: true }, {})).toEqual([]);
});

test('each thing that is wrong or missing is named with what was expected', () => {
  const { keywords: _, sideEffects: __, ...rest } = good;
  const wrong = { ...rest, files: [], license: 'ISC', repository: { directory: 'packages/cor' } };
  expect(breachesOf(wrong, {})).toEqual([
    expect.stringMatching(/packages\/core\/package\.json: license is "ISC"; expected "MIT"/),
    expect.stringMatching(/sideEffects is undefined; expected false/),
    expect.stringMatching(/repository is .*expected .*"directory":"packages\/core"/),
    expect.stringMatching(/keywords is missing or empty/),
    expect.stringMatching(/files is missing or empty/),
    expect.stringMatching(/packages\/core\/README\.md is missing/),
  ]);
});
