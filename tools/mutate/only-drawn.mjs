// A checker for Stryker that passes the mutants that were drawn: a range of the sources holds others.

import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { keyOf } from './sample.mjs';

/** The file that has the drawn mutants, in the folder that Stryker runs in. */
export const DRAWN_FILE = 'drawn.json';

class OnlyDrawn {
  /** @type {Set<string>} */
  #keys = new Set();

  async init() {
    const drawn = JSON.parse(readFileSync(join(process.cwd(), DRAWN_FILE), 'utf8'));
    this.#keys = new Set(drawn.map(keyOf));
  }

  /** @param {any[]} mutants */
  async check(mutants) {
    return Object.fromEntries(
      mutants.map(({ id, fileName, mutatorName, replacement, location: { start, end } }) => {
        const mutant = {
          file: relative(process.cwd(), fileName).replaceAll('\\', '/'),
          mutator: mutatorName,
          replacement,
          location: { start, end },
        };
        const status = this.#keys.has(keyOf(mutant)) ? 'passed' : 'compileError';
        return [id, { status, reason: 'not drawn' }];
      }),
    );
  }
}

export const strykerPlugins = [
  { kind: 'Checker', name: 'only-drawn', factory: () => new OnlyDrawn() },
];
