import { join } from 'node:path';
import { expect, test } from 'vitest';
import { indent, stageLine, tally, total } from '../checks/report.mjs';
import { countTests } from '../checks/tests.mjs';
import { makeTree } from './tree.mjs';

/** @param {object} report */
const count = (report) =>
  countTests('packages/core', join(makeTree({ 'test-results.json': report }), 'test-results.json'));

test('passed, failed and skipped tests are counted and the failed ones named', () => {
  const assertions = [
    { status: 'passed', fullName: 'adds' },
    { status: 'failed', fullName: 'matmul multiplies' },
    { status: 'failed', fullName: 'matmul transposes' },
  ];
  const found = count({
    numPassedTests: 1,
    numPendingTests: 3,
    testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults: assertions }],
  });
  expect(found).toMatchObject({ passed: 1, failed: 2, skipped: 3 });
  expect(found.detail).toBe(
    '✗ packages/core: matmul multiplies\n✗ packages/core: matmul transposes',
  );
});

test('a test file that cannot be loaded counts as one failure', () => {
  const found = count({
    numPassedTests: 0,
    numPendingTests: 0,
    testResults: [{ name: 'broken.test.ts', status: 'failed', assertionResults: [] }],
  });
  expect(found).toMatchObject({ passed: 0, failed: 1, detail: '✗ packages/core: broken.test.ts' });
});

test('a run that wrote nothing counts as one failure', () => {
  const found = countTests('packages/core', join(makeTree({}), 'test-results.json'));
  expect(found).toMatchObject({ passed: 0, failed: 1 });
  expect(found.detail).toContain('packages/core: the tests ended without results');
});

test('a package without tests counts as one failure', () => {
  const found = count({ numPassedTests: 0, numPendingTests: 0, testResults: [] });
  expect(found).toMatchObject({ failed: 1, detail: '✗ packages/core: there are no tests' });
});

test('tallies add up', () => {
  const one = tally([
    { name: 'a', passed: true, detail: 'not shown' },
    { name: 'b', passed: false, detail: 'first\nsecond\n' },
  ]);
  expect(one).toEqual({
    passed: 1,
    failed: 1,
    skipped: 0,
    detail: '✗ b\n  first\n  second',
  });
  expect(total([one, one, { passed: 5, failed: 0, skipped: 2 }])).toEqual({
    passed: 7,
    failed: 2,
    skipped: 2,
  });
});

test('a stage is shown with its mark, counts and seconds', () => {
  expect(stageLine('lint', { passed: 1, failed: 0, skipped: 0 }, 0.44)).toMatch(
    /^✓ lint +1 passed, 0 failed +0\.4 s$/,
  );
  expect(stageLine('tests', { passed: 1, failed: 2, skipped: 3 }, 10)).toMatch(
    /^✗ tests +1 passed, 2 failed, 3 skipped +10\.0 s$/,
  );
  expect(indent('a\nb\n')).toBe('  a\n  b');
});
