import { expect, test } from 'vitest';
import { dependencyBreaches } from '../checks/dependency-rule.mjs';
import { makeTree } from './tree.mjs';

/** @param {import('./tree.mjs').Files} files */
const breachesOf = (files) => dependencyBreaches(makeTree(files));

/** @param {string} name @param {object} [rest] */
const manifest = (name, rest = {}) => ({ name: `@sketchgrad/${name}`, version: '0.0.0', ...rest });
const onCore = { dependencies: { '@sketchgrad/core': 'workspace:^' } };

const edge = {
  exports: { '.': './dist/index.js', './node': './dist/node.js' },
  imports: { '#one': { node: './dist/node/one.js', default: './dist/one.js' } },
};

const goodTree = {
  'packages/core/package.json': manifest('core', {
    devDependencies: { 'fast-check': '4' },
    ...edge,
  }),
  'packages/core/src/index.ts': [
    "export { trace } from './graph/trace.js';",
    'const load = (name: string) => import(name);',
    "import { one } from '#one';",
    "// import '@sketchgrad/backend-cpu' is only mentioned here",
    "const known = { cpu: '@sketchgrad/backend-cpu' };",
  ].join('\n'),
  'packages/core/src/graph/trace.ts': "import { x } from '../index.js';",
  'packages/core/src/node/index.ts':
    "import { mkdir } from 'node:fs';\nimport { one } from './one.js';\nimport { x } from '../index.js';",
  'packages/backend-cpu/package.json': manifest('backend-cpu', {
    dependencies: { '@sketchgrad/core': 'workspace:^', 'onnxruntime-node': '1' },
    devDependencies: {
      '@sketchgrad/testing': 'workspace:^',
      '@sketchgrad/assembly': 'workspace:^',
    },
  }),
  'packages/backend-cpu/src/index.ts':
    "import ort from 'onnxruntime-node';\nimport type { Graph } from '@sketchgrad/core';\nimport { kernels } from '@sketchgrad/assembly/cpu';",
  'packages/assembly/package.json': manifest('assembly', { devDependencies: { asc: '1' } }),
  'packages/testing/package.json': manifest('testing', onCore),
  'packages/testing/src/index.ts': "export * from '@sketchgrad/core';",
  'packages/datasets/package.json': manifest('datasets', { ...onCore, ...edge }),
  'packages/datasets/src/node/read.ts':
    "import 'node:fs';\nimport { makeDirectory } from '@sketchgrad/core/node';\nimport '../text.js';",
  'packages/bench/package.json': manifest('bench', {
    ...onCore,
    exports: { ...edge.exports, './command-line': './dist/command-line.js' },
  }),
  'packages/bench/src/command-line/progress.ts': "import 'node:tty';\nimport '../node/memory.js';",
  'packages/models/package.json': manifest('models', {
    dependencies: { '@sketchgrad/core': 'workspace:^', '@sketchgrad/datasets': 'workspace:^' },
  }),
  'packages/models/src/bert/bert.ts': "import { rows } from '@sketchgrad/datasets/rows';",
  'apps/glue/package.json': manifest('glue', {
    dependencies: { '@sketchgrad/models': 'workspace:^', '@sketchgrad/backend-cpu': 'workspace:^' },
  }),
  'apps/glue/src/cli.ts': "import { load } from '@sketchgrad/models';",
};

test('a tree that keeps the rule has no breach', () => {
  expect(breachesOf(goodTree)).toEqual([]);
});

/** @type {[string, import('./tree.mjs').Files, RegExp][]} */
const badTrees = [
  [
    'core with a third-party dependency',
    { 'packages/core/package.json': manifest('core', { dependencies: { lodash: '4' } }) },
    /packages\/core\/package\.json: core depends on nothing, yet lists lodash/,
  ],
  [
    'core with a peer',
    { 'packages/core/package.json': manifest('core', { peerDependencies: { three: '1' } }) },
    /yet lists three/,
  ],
  [
    'core tested with a package above it',
    {
      'packages/core/package.json': manifest('core', {
        devDependencies: { '@sketchgrad/testing': 'workspace:^' },
      }),
      'packages/testing/package.json': manifest('testing'),
    },
    /core stands below every other package, yet lists @sketchgrad\/testing/,
  ],
  [
    'core importing a package without listing it',
    { 'packages/core/src/index.ts': "import { add } from 'lodash';" },
    /packages\/core\/src\/index\.ts: imports lodash: core depends on nothing/,
  ],
  [
    'core reaching what needs Node from elsewhere',
    { 'packages/core/src/graph/trace.ts': "import { one } from '../node/one.js';" },
    /src\/graph\/trace\.ts: imports \.\.\/node\/one\.js: what is there needs Node/,
  ],
  [
    'what runs anywhere reaching what needs Node in another package',
    { 'packages/datasets/src/text.ts': "import { makeDirectory } from '@sketchgrad/core/node';" },
    /src\/text\.ts: imports @sketchgrad\/core\/node: packages\/datasets runs in browsers too, but for its src\/node/,
  ],
  [
    'what runs anywhere reaching the command line',
    { 'packages/bench/src/steps.ts': "import { progress } from './command-line/progress.js';" },
    /src\/steps\.ts: imports \.\/command-line\/progress\.js: what is there needs Node/,
  ],
  [
    'a Node module beside the room for it',
    { 'packages/bench/src/steps.ts': "import { hrtime } from 'node:process';" },
    /packages\/bench runs in browsers too, but for its src\/node and src\/command-line/,
  ],
  [
    'core importing a Node module statically',
    { 'packages/core/src/index.ts': "import { readFileSync } from 'node:fs';" },
    /imports node:fs: packages\/core runs in browsers too, but for its src\/node/,
  ],
  [
    'core importing a Node module dynamically',
    { 'packages/core/src/index.ts': "const where = () => import('node:module');" },
    /imports node:module: packages\/core runs in browsers too/,
  ],
  [
    'core importing by a condition that is not in its manifest',
    { 'packages/core/src/index.ts': "import { two } from '#two';" },
    /imports #two: core depends on nothing/,
  ],
  [
    'core importing another package of ours',
    { 'packages/core/src/index.ts': "export * from '@sketchgrad/train';" },
    /imports @sketchgrad\/train: core depends on nothing/,
  ],
  [
    'a backend that depends on more than core',
    {
      'packages/backend-cpu/package.json': manifest('backend-cpu', {
        dependencies: { '@sketchgrad/models': 'workspace:^' },
      }),
    },
    /@sketchgrad\/backend-cpu may not depend on @sketchgrad\/models, only on @sketchgrad\/core/,
  ],
  [
    'a backend that imports more than core',
    { 'packages/backend-cpu/src/index.ts': "import '@sketchgrad/train';" },
    /packages\/backend-cpu\/src\/index\.ts: imports @sketchgrad\/train: only @sketchgrad\/core may/,
  ],
  [
    'a library that lists a backend',
    {
      'packages/models/package.json': manifest('models', {
        dependencies: { '@sketchgrad/backend-cpu': 'workspace:^' },
      }),
    },
    /@sketchgrad\/models may not depend on @sketchgrad\/backend-cpu/,
  ],
  [
    'a library that has a backend as an optional dependency',
    {
      'packages/models/package.json': manifest('models', {
        optionalDependencies: { '@sketchgrad/backend-cpu': 'workspace:^' },
      }),
    },
    /may not depend on @sketchgrad\/backend-cpu/,
  ],
  [
    'an arrow that points the wrong way',
    {
      'packages/datasets/package.json': manifest('datasets', {
        dependencies: { '@sketchgrad/train': 'workspace:^' },
      }),
    },
    /@sketchgrad\/datasets may not depend on @sketchgrad\/train, only on @sketchgrad\/core/,
  ],
  [
    'an app that imports a backend',
    { 'apps/glue/src/cli.ts': "import { createBackend } from '@sketchgrad/backend-cpu';" },
    /apps\/glue\/src\/cli\.ts: imports @sketchgrad\/backend-cpu: a backend is picked by name/,
  ],
  [
    'an app that imports a backend for its types',
    { 'apps/glue/src/cli.ts': "import type { Options } from '@sketchgrad/backend-cpu';" },
    /imports @sketchgrad\/backend-cpu: a backend is picked by name/,
  ],
  [
    'an app that imports a backend by a constant at run time',
    { 'apps/glue/src/cli.ts': "const it = await import('@sketchgrad/backend-cpu');" },
    /imports @sketchgrad\/backend-cpu: a backend is picked by name/,
  ],
  [
    'an app that re-exports a backend',
    { 'apps/glue/src/cli.ts': "export { createBackend } from '@sketchgrad/backend-cpu';" },
    /imports @sketchgrad\/backend-cpu: a backend is picked by name/,
  ],
  [
    'an import that the manifest does not list',
    { 'apps/glue/src/cli.ts': "import { rows } from '@sketchgrad/datasets';" },
    /imports @sketchgrad\/datasets: apps\/glue\/package\.json does not list it/,
  ],
  [
    'an import through the file system',
    { 'packages/models/src/index.ts': "import { x } from '../../core/src/index.js';" },
    /packages\/models\/src\/index\.ts: imports \.\.\/\.\.\/core\/src\/index\.js: it leaves the package/,
  ],
  [
    'a package that the rule does not know',
    { 'packages/plots/package.json': manifest('plots') },
    /packages\/plots\/package\.json: the dependency rule knows no place for @sketchgrad\/plots/,
  ],
  [
    'assembly that is to be installed',
    {
      'packages/backend-cpu/package.json': manifest('backend-cpu', {
        dependencies: {
          ...onCore.dependencies,
          'onnxruntime-node': '1',
          '@sketchgrad/assembly': 'workspace:^',
        },
        devDependencies: { '@sketchgrad/assembly': 'workspace:^' },
      }),
    },
    /backend-cpu may not depend on @sketchgrad\/assembly, only on @sketchgrad\/core/,
  ],
  [
    'assembly that is not listed',
    { 'packages/backend-cpu/package.json': manifest('backend-cpu', onCore) },
    /imports @sketchgrad\/assembly\/cpu: packages\/backend-cpu\/package\.json does not list it in/,
  ],
  [
    'assembly in what is no backend',
    { 'packages/models/src/index.ts': "import '@sketchgrad/assembly/cpu';" },
    /imports @sketchgrad\/assembly\/cpu: only @sketchgrad\/datasets, @sketchgrad\/core may/,
  ],
  [
    'packages that need each other',
    {
      'packages/testing/package.json': manifest('testing', {
        ...onCore,
        devDependencies: { '@sketchgrad/backend-cpu': 'workspace:^' },
      }),
    },
    /need each other: @sketchgrad\/backend-cpu → @sketchgrad\/testing → @sketchgrad\/backend-cpu/,
  ],
];

test.each(badTrees)('%s is a breach', (_, changes, message) => {
  const breaches = breachesOf({ ...goodTree, ...changes });
  expect(breaches.filter((breach) => message.test(breach))).toHaveLength(1);
});

test('a manifest that is no JSON is named', () => {
  expect(() => breachesOf({ 'packages/core/package.json': '{' })).toThrow(
    /packages\/core\/package\.json is no JSON/,
  );
});
