import { expect, test } from 'vitest';
import { circleBreaches } from '../checks/circle-rule.mjs';
import { makeTree } from './tree.mjs';

/** @param {Readonly<Record<string, string>>} sources what each file of one package imports */
function breachesOf(sources) {
  const files = Object.entries(sources).map(([path, text]) => [`packages/a/src/${path}`, text]);
  const root = makeTree({
    'packages/a/package.json': { name: '@sketchgrad/a', version: '0.0.0' },
    ...Object.fromEntries(files),
  });
  return circleBreaches(root);
}

const TWO = {
  'graph/node.ts': "import { check } from '../checks/check.js';",
  'checks/check.ts': '',
  'checks/value.ts': "import type { Node } from '../graph/node.js';",
};

test('two folders that import each other, if only types, are a breach that names the files', () => {
  const [breach, ...others] = breachesOf(TWO);
  expect(others).toEqual([]);
  expect(breach).toMatch(/^packages\/a\/src: these import each other: checks\/ ↔ graph\/; by /);
  expect(breach).toContain('checks/value.ts → graph/node.ts');
  expect(breach).toContain('graph/node.ts → checks/check.ts');
});

test('so is a circle by way of others, of a file with a folder, of re-exports, and further down', () => {
  const around = {
    'a/a.ts': "import '../b/b.js';",
    'b/b.ts': "export * from '../c/c.js';",
    'c/c.ts': "const a = await import('../a/a.js');",
    'd/d.ts': "import '../a/a.js';",
  };
  expect(breachesOf(around)).toEqual([expect.stringContaining(': a/ ↔ b/ ↔ c/;')]);
  const withFile = { 'load.ts': "import './a/a.js';", 'a/a.ts': "import '../load.js';" };
  expect(breachesOf(withFile)).toEqual([expect.stringContaining(': a/ ↔ load.ts;')]);
  const within = {
    'node/glue/read.ts': "import '../graphs/read.js';",
    'node/graphs/read.ts': "import '../glue/read.js';",
  };
  expect(breachesOf(within)).toEqual([expect.stringContaining(': node/glue/ ↔ node/graphs/;')]);
});

test('none are files that import each other, a chain, or a folder that uses what lies beside it', () => {
  expect(
    breachesOf({
      'a/node.ts': "import type { Op } from './op.js';",
      'a/op.ts': "import type { Node } from './node.js'; import { b } from '../b/b.js';",
      'b/b.ts': "import { kernel } from './kernel.js'; import fs from 'node:fs';",
      'b/kernels.ts': "import './kernels/add.js';",
      'b/kernels/add.ts': "import '../kernel.js';",
      'b/kernel.ts': '',
    }),
  ).toEqual([]);
});
