// Which mutants there are, and a draw among them by seed.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstrumenter } from '@stryker-mutator/instrumenter';
import { createInjector } from 'typed-inject';

/** Texts of messages: what they should say is for people to judge. */
export const EXCLUDED_MUTATIONS = ['StringLiteral'];

/**
 * @typedef {object} Drawn a mutant
 * @property {string} file from the root
 * @property {string} mutator e.g. 'EqualityOperator'
 * @property {string} replacement
 * @property {{ start: Place, end: Place }} location lines from 0
 *
 * @typedef {{ line: number, column: number }} Place
 */

const silent = Object.fromEntries(
  ['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map((level) => [level, () => undefined]),
);
const logger = {
  ...silent,
  ...Object.fromEntries(
    ['Trace', 'Debug', 'Info', 'Warn', 'Error', 'Fatal'].map((level) => [
      `is${level}Enabled`,
      () => false,
    ]),
  ),
};

/**
 * All mutants of a room's sources.
 * @param {string} root
 * @param {string} location e.g. 'packages/core'
 * @returns {Promise<Drawn[]>}
 */
export async function mutantsOf(root, location) {
  const sources = readdirSync(join(root, location, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => `${location}/src/${file.replaceAll('\\', '/')}`)
    .sort();
  const instrumenter = createInjector()
    .provideValue('logger', /** @type {any} */ (logger))
    .injectFunction(/** @type {any} */ (createInstrumenter));
  const { mutants } = await instrumenter.instrument(
    sources.map((name) => ({
      name,
      mutate: true,
      content: readFileSync(join(root, name), 'utf8'),
    })),
    { plugins: null, excludedMutations: EXCLUDED_MUTATIONS, ignorers: [] },
  );
  return mutants
    .filter((/** @type {any} */ { status }) => status === undefined)
    .map((/** @type {any} */ { fileName, mutatorName, replacement, location: place }) => ({
      file: fileName,
      mutator: mutatorName,
      replacement,
      location: place,
    }));
}

/**
 * What is the same for a mutant wherever it is met.
 * @param {Drawn} mutant
 */
export const keyOf = ({ file, mutator, replacement, location: { start, end } }) =>
  [file, start.line, start.column, end.line, end.column, mutator, replacement].join('\0');

/**
 * So many of them, each as likely as any other; the same for a seed.
 * @param {Drawn[]} mutants
 * @param {number} count
 * @param {number} seed
 * @returns {Drawn[]}
 */
export function draw(mutants, count, seed) {
  const lot = (/** @type {Drawn} */ mutant) =>
    createHash('sha256')
      .update(`${seed}\0${keyOf(mutant)}`)
      .digest('hex');
  return mutants
    .map((mutant) => ({ mutant, lot: lot(mutant) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant);
}
