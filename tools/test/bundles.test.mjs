import { expect, test } from 'vitest';
import { bundledBytes, needsOfNode } from '../checks/bundles.mjs';
import { makeTree } from './tree.mjs';

const clean = [
  "import { later } from 'library';",
  "// process and Buffer are only mentioned here, and in 'process.env'",
  'const state = { process: (Buffer) => Buffer, global: 1 };',
  "export const text = 'process.env';",
  'export const ask = (process) => process(state.process, state.global);',
  "export const more = () => import('./later.js');",
  'export const byName = (name) => import(name);',
].join('\n');

/** @param {import('./tree.mjs').Files} files beside those of a page that runs anywhere */
const page = (files = {}) =>
  makeTree({
    'page.js': clean,
    'later.js': "export const much = 'words without end, of all kinds';",
    'node_modules/library/package.json': {
      ...{ name: 'library', type: 'module' },
      exports: { '.': './index.js', './node': './node.js' },
      imports: { '#platform': { node: './node.js', default: './browser.js' } },
    },
    'node_modules/library/index.js': "export { later } from '#platform';",
    'node_modules/library/node.js': "import 'node:fs'; export const later = process.cwd();",
    'node_modules/library/browser.js': 'export const later = location;',
    ...files,
  });

const source = "export * from './page.js';";

test('what runs anywhere needs nothing of Node', async () => {
  expect(await needsOfNode(source, page())).toEqual([]);
});

/** @type {[string, import('./tree.mjs').Files, RegExp][]} */
const needy = [
  ['a module', { 'page.js': "import 'node:fs';" }, /^page\.js imports node:fs$/],
  ['a module by its old name', { 'page.js': "import 'path';" }, /^page\.js imports path$/],
  [
    'a module that is imported later, from a file that is',
    { 'later.js': "export const much = () => import('node:crypto');" },
    /^later\.js imports node:crypto$/,
  ],
  [
    'an entry for Node',
    { 'later.js': "export { later as much } from 'library/node';" },
    /^node_modules\/library\/node\.js imports node:fs\n.* mentions process: .*process\.cwd\(\)/,
  ],
  [
    'a module that CommonJS asks for',
    { 'node_modules/library/browser.js': "exports.later = require('os');" },
    /^node_modules\/library\/browser\.js imports os$/m,
  ],
  [
    'what CommonJS asks for by a name that is not known',
    { 'node_modules/library/browser.js': 'exports.later = require(location.name);' },
    /^node_modules\/library\/browser\.js calls require\(\)/,
  ],
  [
    'a global, of which it asks first',
    { 'page.js': "export const a = typeof process === 'object';" },
    /^page\.js mentions process: /,
  ],
  [
    'a property of the global object',
    { 'later.js': 'export const much = globalThis.process?.env;' },
    /^later\.js mentions process: /,
  ],
  [
    'bytes as Node has them',
    { 'page.js': 'export const a = Buffer.of(1);' },
    /^page\.js mentions Buffer: /,
  ],
  [
    'where it lies',
    { 'page.js': 'export const a = () => __dirname;' },
    /^page\.js mentions __dirname: /,
  ],
];

test.each(needy)('finds %s', async (_, files, message) => {
  expect((await needsOfNode(source, page(files))).join('\n')).toMatch(message);
});

test('what is imported later counts apart', async () => {
  const folder = page();
  const bytes = await bundledBytes(source, folder);
  const all = await bundledBytes(source, folder, { later: true });
  expect(bytes).toBeGreaterThan(50);
  expect(all).toBeGreaterThan(bytes + 20);
});
