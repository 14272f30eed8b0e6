import { expect, test } from 'vitest';
import { breachesIn, testBreaches } from '../checks/test-rule.mjs';
import { makeTree } from './tree.mjs';

const clock = 'performance';
const chance = 'Math';
const own = 'seed: 3';

test.each([
  [`const x = ${chance}.random();`, 1, 'by chance'],
  [`\nexpect(${clock}.now() - start).toBeLessThan(1000);`, 2, 'the time that it took'],
  [`fc.assert(\n  property,\n  { numRuns: 5, ${own} },\n);`, 3, 'a seed of its own'],
  [`fc.assert(\n  property,\n  { ${own}, numRuns: 5 },\n);`, 3, 'a seed of its own'],
  ["test('a', async () => {\n  const disk = mount();\n  if (!disk) return;\n});", 1, 'as if'],
  ["  it('a', () => {\n    if (!available()) return;\n  });", 1, 'as if it had passed'],
])('%j is a breach', (text, line, why) => {
  expect(breachesIn(text)).toEqual([{ line, why: expect.stringContaining(why) }]);
});

test.each([
  'model.initialize(state, { seed: 0 });',
  'fc.assert(property, { numRuns: 5 });',
  "test('a', ({ skip }) => {\n  if (!disk) return skip('no disk');\n});",
  'function f() {\n  if (!x) return;\n}',
  'const start = performance.now();',
])('%j is none', (text) => {
  expect(breachesIn(text)).toEqual([]);
});

test('tests of all packages are read', () => {
  const root = makeTree({
    'packages/core/package.json': { name: '@sketchgrad/core', version: '0.0.0' },
    'packages/core/test/deep/a.test.ts': `\n\nconst x = ${chance}.random();`,
    'packages/core/src/a.ts': `const x = ${chance}.random();`,
  });
  expect(testBreaches(root)).toEqual([
    'packages/core/test/deep/a.test.ts:3: draws by chance: draw from a seed',
  ]);
});
