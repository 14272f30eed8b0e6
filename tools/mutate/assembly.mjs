// Single faults in AssemblyScript, which Stryker cannot read: found in the text, line by line.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {import('./sample.mjs').Drawn} Drawn */

/** What is put in another's place: operators between spaces, and what vectors are joined by. */
const SWAPS = /** @type {const} */ ([
  ['ArithmeticOperator', ' + ', ' - '],
  ['ArithmeticOperator', ' - ', ' + '],
  ['ArithmeticOperator', ' * ', ' / '],
  ['ArithmeticOperator', ' / ', ' * '],
  ['ArithmeticOperator', ' << ', ' >> '],
  ['ArithmeticOperator', ' >> ', ' << '],
  ['ArithmeticOperator', ' & ', ' | '],
  ['ArithmeticOperator', ' | ', ' & '],
  ['EqualityOperator', ' < ', ' <= '],
  ['EqualityOperator', ' <= ', ' < '],
  ['EqualityOperator', ' > ', ' >= '],
  ['EqualityOperator', ' >= ', ' > '],
  ['EqualityOperator', ' == ', ' != '],
  ['EqualityOperator', ' != ', ' == '],
  ['LogicalOperator', ' && ', ' || '],
  ['LogicalOperator', ' || ', ' && '],
  ['VectorCall', '.add(', '.sub('],
  ['VectorCall', '.sub(', '.add('],
  ['VectorCall', '.mul(', '.add('],
  ['VectorCall', '.shl(', '.shr_u('],
  ['VectorCall', '.shr_u(', '.shl('],
  ['VectorCall', '.and(', '.or('],
  ['VectorCall', '.or(', '.and('],
  ['VectorCall', '.pmin(', '.pmax('],
  ['VectorCall', '.pmax(', '.pmin('],
  ['VectorCall', '.lt(', '.le('],
  ['VectorCall', '.ge(', '.gt('],
  ['VectorCall', '.gt(', '.ge('],
  ['VectorCall', '.eq(', '.ne('],
  ['VectorCall', '.ne(', '.eq('],
  ['LeastOrMost', ' min(', ' max('],
  ['LeastOrMost', ' max(', ' min('],
]);

/** A statement of one line that can be left out: an assignment or a call. */
const STATEMENT =
  /^(\s+)(?!return\b|const\b|let\b|break\b|continue\b)[\w.]+(?:\(.*\)| [-+*/&|]?= .*);$/;

/** Whole lines that hold no arithmetic of the kernels. */
const SKIPPED = /^\s*(?:import\b|export \*|\/\/|\/?\*|@|\}? from )/;

const NUMBER = /(?<![\w.$])(\d+)(?![\w.])/g;

/**
 * All mutants of one source.
 * @param {string} file
 * @param {string} text
 * @returns {Drawn[]}
 */
export function faultsOf(file, text) {
  /** @type {Drawn[]} */
  const faults = [];
  text.split('\n').forEach((whole, line) => {
    if (SKIPPED.test(whole)) return;
    const code = whole.replace(/\s*\/\/.*$/, '');
    /** @param {string} mutator @param {number} column @param {string} from @param {string} replacement */
    const add = (mutator, column, from, replacement) =>
      faults.push({
        file,
        mutator,
        replacement,
        location: { start: { line, column }, end: { line, column: column + from.length } },
      });
    for (const [mutator, from, to] of SWAPS)
      for (let at = code.indexOf(from); at >= 0; at = code.indexOf(from, at + 1))
        add(mutator, at, from, to);
    for (const match of code.matchAll(NUMBER))
      for (const change of [1, -1])
        add('Constant', match.index, match[1] ?? '', String(Number(match[1]) + change));
    const statement = code.match(STATEMENT);
    if (statement) add('DroppedStatement', statement[1]?.length ?? 0, code.trim(), ';');
  });
  return faults;
}

/**
 * The text with a mutant in it.
 * @param {string} text
 * @param {Drawn} mutant
 */
export function withFault(text, { replacement, location: { start, end } }) {
  const lines = text.split('\n');
  const line = lines[start.line] ?? '';
  lines[start.line] = line.slice(0, start.column) + replacement + line.slice(end.column);
  return lines.join('\n');
}

/**
 * All mutants of the AssemblyScript under a folder.
 * @param {string} root
 * @param {string} location e.g. 'packages/assembly/src'
 * @returns {Drawn[]}
 */
export function faultsUnder(root, location) {
  return readdirSync(join(root, location), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${location}/${file.replaceAll('\\', '/')}`)
    .sort()
    .flatMap((file) => faultsOf(file, readFileSync(join(root, file), 'utf8')));
}
