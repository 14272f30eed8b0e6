// Every check: `node tools/checks/all.mjs`, or some by name: `node tools/checks/all.mjs lint types`.
// Two run side by side where one leaves processors idle. The last line counts what passed and failed.

import { bundles } from './bundles.mjs';
import { consumer } from './consumer/index.mjs';
import { indent, stageLine, tally, total } from './report.mjs';
import { changesets, dependencies, lint, manifests, paths, testRule, unused } from './sources.mjs';
import { build, tests, types } from './tests.mjs';

/** @type {Record<string, () => Promise<import('./report.mjs').Tally>>} */
const stages = {
  lint,
  dependencies,
  manifests,
  'test-rule': testRule,
  paths,
  unused,
  changesets,
  build,
  bundles,
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

/** One after another; those of one line together. What is built is there for those behind it. */
const turns = [
  ...['lint', 'dependencies', 'manifests', 'test-rule', 'paths', 'changesets'].map((name) => [
    name,
  ]),
  ['build'],
  ['bundles'],
  // What packages' imports stand for is found where they are built.
  ['types', 'unused'],
  ...['tests', 'consumer'].map((name) => [name]),
];

/** @type {Map<string, { found: import('./report.mjs').Tally, seconds: number }>} */
const done = new Map();

/** @param {keyof typeof stages} name */
async function run(name) {
  console.log(`\n▸ ${name}`);
  const start = performance.now();
  const check = /** @type {() => Promise<import('./report.mjs').Tally>} */ (stages[name]);
  const found = await check().catch((error) =>
    tally([{ name, passed: false, detail: String(error.stack ?? error) }]),
  );
  done.set(name, { found, seconds: (performance.now() - start) / 1000 });
}

const isChosen = (/** @type {string} */ name) => chosen.length === 0 || chosen.includes(name);
for (const turn of turns) await Promise.all(turn.filter(isChosen).map(run));

const lines = [];
const problems = [];
const tallies = [];
for (const [name, { found, seconds }] of done) {
  lines.push(stageLine(name, found, seconds));
  if (found.detail) problems.push(`✗ ${name}\n${indent(found.detail)}`);
  tallies.push(found);
}

const { passed, failed } = total(tallies);
console.log(['', ...problems, '', ...lines, ''].join('\n'));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
