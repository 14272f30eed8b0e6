// Builds and tests every package through turbo, and adds up what the test runs wrote.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, turbo } from '../command.mjs';
import { tally, total } from './report.mjs';
import { findPackages } from './workspace.mjs';

/** @typedef {import('./report.mjs').Tally} Tally */

/** Where vitest writes a package's results (vitest.config.ts). */
const resultsFile = 'test-results.json';

/** @returns {Promise<Tally>} */
export async function build() {
  const { code } = await turbo(['build']);
  return tally([{ name: 'build', passed: code === 0 }]);
}

/** @returns {Promise<Tally>} */
export async function types() {
  const { code } = await turbo(['typecheck', '--continue']);
  return tally([{ name: 'typecheck', passed: code === 0 }]);
}

/** @returns {Promise<Tally>} */
export async function tests() {
  const tested = [
    ...findPackages(root).filter(({ manifest }) => manifest.scripts?.test !== undefined),
    { location: 'tools', folder: join(root, 'tools') },
  ];
  for (const { folder } of tested) rmSync(join(folder, resultsFile), { force: true });
  const { code } = await turbo(['test', '--continue']);
  const found = tested.map(({ location, folder }) =>
    countTests(location, join(folder, resultsFile)),
  );
  if (code !== 0 && total(found).failed === 0) {
    found.push(tally([{ name: `turbo run test exited with ${code}`, passed: false }]));
  }
  return { ...total(found), detail: found.flatMap(({ detail }) => detail || []).join('\n') };
}

/**
 * What one package's test run found. A file that could not even be loaded counts as a failed test,
 * and so does a run that wrote nothing or ran nothing.
 * @param {string} location
 * @param {string} file
 * @returns {Tally}
 */
export function countTests(location, file) {
  if (!existsSync(file)) {
    return tally([{ name: `${location}: the tests ended without results`, passed: false }]);
  }
  /**
   * @type {{ numPassedTests: number, numPendingTests: number, testResults: { name: string,
   *   status: string, assertionResults: { status: string, fullName: string }[] }[] }}
   */
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const failures = report.testResults.flatMap(({ name, status, assertionResults }) => {
    const failed = assertionResults.filter((assertion) => assertion.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [name];
    return failed.map(({ fullName }) => fullName);
  });
  if (report.testResults.length === 0) failures.push('there are no tests');
  return {
    passed: report.numPassedTests,
    failed: failures.length,
    skipped: report.numPendingTests,
    detail: failures.map((name) => `✗ ${location}: ${name}`).join('\n'),
  };
}
