// Runs Stryker on drawn mutants in a copy of the tree.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../command.mjs';
import { DRAWN_FILE } from './only-drawn.mjs';
import { EXCLUDED_MUTATIONS, keyOf } from './sample.mjs';

/** @typedef {import('./sample.mjs').Drawn} Drawn */

/**
 * @typedef {object} Outcome
 * @property {Drawn[]} found mutants that a test failed for, or that never ended
 * @property {Drawn[]} missed those that every test passes with, or that no test reaches
 * @property {Drawn[]} untold those that are part of loading a module, and that Stryker leaves out
 */

/**
 * Runs the tests with one mutant after another.
 * @param {string} copy the tree that is mutated
 * @param {Drawn[]} drawn
 * @param {object} options
 * @param {string[]} options.suites test files, from the root
 * @param {number} options.jobs how many at a time
 * @returns {Promise<Outcome>}
 */
export async function outcomeOf(copy, drawn, { suites, jobs }) {
  if (drawn.length === 0 || suites.length === 0) return { found: [], missed: drawn, untold: [] };
  const report = join(copy, 'mutation.json');
  const write = (/** @type {string} */ name, /** @type {unknown} */ value) =>
    writeFileSync(join(copy, name), JSON.stringify(value));
  write('suites.json', suites);
  write(DRAWN_FILE, drawn);
  write('stryker.config.json', {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner', join(copy, 'tools/mutate/only-drawn.mjs')],
    vitest: { configFile: 'tools/mutate/vitest.config.mjs', related: false },
    checkers: ['only-drawn'],
    // It is a copy already.
    inPlace: true,
    mutate: drawn.map(rangeOf),
    mutator: { excludedMutations: EXCLUDED_MUTATIONS },
    coverageAnalysis: 'perTest',
    ignoreStatic: true,
    disableTypeChecks: false,
    concurrency: jobs,
    timeoutMS: 30_000,
    timeoutFactor: 4,
    dryRunTimeoutMinutes: 60,
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: report },
    allowConsoleColors: false,
    cleanTempDir: 'always',
  });
  const program = join(copy, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const { code } = await run([process.execPath, program, 'run'], { cwd: copy });
  if (code !== 0) throw new Error(`Stryker ended with exit code ${code}`);
  return sorted(drawn, JSON.parse(readFileSync(report, 'utf8')));
}

/** As Stryker takes it: lines from 1. */
const rangeOf = (/** @type {Drawn} */ { file, location: { start, end } }) =>
  `${file}:${start.line + 1}:${start.column}-${end.line + 1}:${end.column}`;

/**
 * @param {Drawn[]} drawn
 * @param {{ files: Record<string, { mutants: any[] }> }} report
 * @returns {Outcome}
 */
function sorted(drawn, report) {
  const statuses = new Map(
    Object.entries(report.files).flatMap(([file, { mutants }]) =>
      mutants.map(({ mutatorName: mutator, replacement, location: { start, end }, status }) => {
        // The report counts lines and columns from 1.
        const place = ({ line = 0, column = 0 }) => ({ line: line - 1, column: column - 1 });
        const location = { start: place(start), end: place(end) };
        return [keyOf({ file, mutator, replacement, location }), status];
      }),
    ),
  );
  /** @param {string[]} wanted */
  const having = (...wanted) => drawn.filter((each) => wanted.includes(statuses.get(keyOf(each))));
  const outcome = {
    found: having('Killed', 'Timeout', 'RuntimeError'),
    missed: having('Survived', 'NoCoverage'),
    untold: having('Ignored'),
  };
  const told = Object.values(outcome).flat().length;
  if (told !== drawn.length)
    throw new Error(`Stryker told of ${told} mutants, and ${drawn.length} were drawn`);
  return outcome;
}
