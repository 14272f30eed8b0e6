// How many small faults the tests find: `pnpm mutate [room] [--mutants 200] [--seed 0] [--jobs 1]`.
// Mutants of a room's sources are drawn by seed. Its own tests run with each of them, and with those
// that these miss the tests of the packages that use the room.

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../command.mjs';
import { copyTree } from './copy.mjs';
import { KERNELS, mutateKernels } from './kernels.mjs';
import { ROOMS, roomOf } from './rooms.mjs';
import { draw, mutantsOf } from './sample.mjs';
import { outcomeOf } from './stryker.mjs';

/** @typedef {import('./sample.mjs').Drawn} Drawn */

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    mutants: { type: 'string', default: '200' },
    seed: { type: 'string', default: '0' },
    jobs: { type: 'string', default: '1' },
    'own-tests': { type: 'boolean', default: false },
  },
});

/**
 * @param {'mutants' | 'seed' | 'jobs'} name
 * @param {number} least
 */
function wholeNumber(name, least) {
  const value = Number(values[name]);
  if (/^\d+$/.test(values[name]) && value >= least) return value;
  console.error(`--${name} takes a whole number of at least ${least}, not '${values[name]}'`);
  process.exit(2);
}

const count = wholeNumber('mutants', 1);
const seed = wholeNumber('seed', 0);
const jobs = wholeNumber('jobs', 1);

const rooms = [...ROOMS, KERNELS];
const unknown = positionals.find((name) => !rooms.includes(name));
if (unknown !== undefined) {
  console.error(`'${unknown}' is no room to mutate; there are: ${rooms.join(', ')}`);
  process.exit(2);
}

const lines = [];
for (const name of positionals.length > 0 ? positionals : rooms)
  lines.push(
    await (name === KERNELS ? mutateKernels(root, { count, seed, describe }) : mutate(name)),
  );
console.log(`\n${lines.join('\n')}`);

/** @param {string} name */
async function mutate(name) {
  const { location, own, users } = roomOf(root, name);
  const all = await mutantsOf(root, location);
  const drawn = draw(all, count, seed);
  console.log(`▸ ${name}: ${drawn.length} of ${all.length} mutants, seed ${seed}`);
  const copy = await copyTree(root);
  try {
    const first = await outcomeOf(copy, drawn, { suites: own, jobs });
    const second = values['own-tests']
      ? { ...first, found: [] }
      : await outcomeOf(copy, first.missed, { suites: users, jobs });
    const found = first.found.length + second.found.length;
    const counted = found + second.missed.length;
    for (const mutant of second.missed) console.log(describe(copy, mutant));
    const share = ((100 * found) / counted).toFixed(0);
    const left = drawn.length - counted;
    return (
      `${name}: ${found} of ${counted} found, ${share} %, ` +
      `${first.found.length} of them by its own tests` +
      (left > 0 ? `; ${left} are part of loading a module and left out` : '')
    );
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/**
 * A mutant that no test found, for people.
 * @param {string} copy
 * @param {Drawn} mutant
 */
function describe(copy, { file, mutator, replacement, location: { start, end } }) {
  const lines = readFileSync(join(copy, file), 'utf8')
    .split('\n')
    .slice(start.line, end.line + 1);
  lines[lines.length - 1] = (lines.at(-1) ?? '').slice(0, end.column);
  lines[0] = (lines[0] ?? '').slice(start.column);
  const short = (/** @type {string} */ text) => text.replace(/\s+/g, ' ').slice(0, 120);
  return `missed ${file}:${start.line + 1}:${start.column + 1} ${mutator}\n  − ${short(lines.join('\n'))}\n  + ${short(replacement)}`;
}
