// What no test may do: depend on chance or on how fast the machine is, or pass without having run.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPackages } from './workspace.mjs';

/** @type {readonly [RegExp, string][]} */
const RULES = [
  [/\bMath\.random\(/, 'draws by chance: draw from a seed'],
  [
    /expect\([^;]*\b(performance|Date)\.now\(\)/,
    'expects something of the time that it took: machines are slow and busy; count the work, or fake the clock',
  ],
  [
    /\{[^{}]*\b(numRuns: [\d_]+, seed|seed: [\d_]+, numRuns): /,
    'gives fast-check a seed of its own: all have one by tools/seeds.mjs, so that it can be another',
  ],
  [
    // The function's own first lines, by their indentation.
    /^( *)(?:it|test)(?:\.\w+)*\([^\n]*=> \{\n(?:\1 {2}.*\n){0,6}?\1 {2}if \(![^\n]*\) return;/m,
    "returns where it cannot run, as if it had passed: context.skip('why')",
  ],
];

/**
 * @param {string} root
 * @returns {string[]} one line for each breach
 */
export function testBreaches(root) {
  const folders = [
    ...findPackages(root).map(({ location }) => `${location}/test`),
    'packages/testing/src',
    'tools/test',
  ];
  return folders.flatMap((folder) =>
    filesIn(join(root, folder)).flatMap((file) => {
      const text = readFileSync(join(root, folder, file), 'utf8');
      return breachesIn(text).map(({ line, why }) => `${folder}/${file}:${line}: ${why}`);
    }),
  );
}

/**
 * @param {string} text a test file's
 * @returns {{ line: number, why: string }[]}
 */
export function breachesIn(text) {
  return RULES.flatMap(([pattern, why]) => {
    const found = pattern.exec(text);
    return found ? [{ line: text.slice(0, found.index).split('\n').length, why }] : [];
  });
}

/** @param {string} folder */
function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|mjs)$/.test(file) && !file.includes('fixtures'))
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
}
