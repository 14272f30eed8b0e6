// Every check, one after another: `node tools/checks/all.mjs`, or some by name:
// `node tools/checks/all.mjs lint types`. The last line counts what passed and what failed.

import { consumer } from './consumer/index.mjs';
import { indent, stageLine, tally, total } from './report.mjs';
import { changesets, dependencies, lint, manifests, testRule, unused } from './sources.mjs';
import { build, tests, types } from './tests.mjs';

/** @type {Record<string, () => Promise<import('./report.mjs').Tally>>} */
const stages = {
  lint,
  dependencies,
  manifests,
  'test-rule': testRule,
  unused,
  changesets,
  build,
  types,
  tests,
  consumer,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in stages));
if (unknown.length > 0) {
  console.error(
    `unknown check ${unknown.join(', ')}; there are: ${Object.keys(stages).join(', ')}`,
  );
  process.exit(2);
}

const lines = [];
const problems = [];
const tallies = [];
for (const [name, check] of Object.entries(stages)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(`\n▸ ${name}`);
  const start = performance.now();
  const found = await check().catch((error) =>
    tally([{ name, passed: false, detail: String(error.stack ?? error) }]),
  );
  const seconds = (performance.now() - start) / 1000;
  lines.push(stageLine(name, found, seconds));
  if (found.detail) problems.push(`✗ ${name}\n${indent(found.detail)}`);
  tallies.push(found);
}

const { passed, failed } = total(tallies);
console.log(['', ...problems, '', ...lines, ''].join('\n'));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
