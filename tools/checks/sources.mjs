// The checks that read the repository and run nothing of it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installed, root, run } from '../command.mjs';
import { circleBreaches } from './circle-rule.mjs';
import { dependencyBreaches } from './dependency-rule.mjs';
import { manifestBreaches } from './manifest-rule.mjs';
import { pathBreaches } from './path-rule.mjs';
import { tally } from './report.mjs';
import { testBreaches } from './test-rule.mjs';

/** @typedef {import('./report.mjs').Tally} Tally */

/** Format and lint. @returns {Promise<Tally>} */
export async function lint() {
  const biome = ['check', '--error-on-warnings', '--max-diagnostics=50'];
  const { code } = await run([installed('biome'), ...biome]);
  return tally([{ name: 'biome', passed: code === 0, detail: 'pnpm format mends what it can' }]);
}

/** Files, exports and dependencies that nothing uses. @returns {Promise<Tally>} */
export async function unused() {
  const { code } = await run([installed('knip'), '--treat-config-hints-as-errors']);
  return tally([{ name: 'knip', passed: code === 0 }]);
}

/** Which package may use which, and that no folders of one use each other. @returns {Promise<Tally>} */
export async function dependencies() {
  return breaches('dependency rule', [...dependencyBreaches(root), ...circleBreaches(root)]);
}

/** What every published manifest must say. @returns {Promise<Tally>} */
export async function manifests() {
  return breaches('manifests', manifestBreaches(root));
}

/** What no test may do. @returns {Promise<Tally>} */
export async function testRule() {
  return breaches('test rule', testBreaches(root));
}

/** That what CONTRIBUTING.md names is there. @returns {Promise<Tally>} */
export async function paths() {
  return breaches('path rule', pathBreaches(root));
}

/**
 * That the changesets can be read and that packages changed on a branch have one. Compares with
 * the main branch, so a copy without its history has nothing to check.
 * @returns {Promise<Tally>}
 */
export async function changesets() {
  const main = existsSync(join(root, '.git'))
    ? await run(['git', 'rev-parse', '--verify', '--quiet', 'main'], { capture: true })
    : { code: 1 };
  if (main.code !== 0) {
    console.log('no main branch here to compare with');
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const { code, output, errors } = await run([installed('changeset'), 'status'], { capture: true });
  return tally([{ name: 'changeset status', passed: code === 0, detail: output + errors }]);
}

/**
 * @param {string} name
 * @param {string[]} found
 */
function breaches(name, found) {
  return tally([{ name, passed: found.length === 0, detail: found.join('\n') }]);
}
