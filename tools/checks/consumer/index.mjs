// The packages as their users meet them: packed, installed with npm in an empty folder, the README's
// library example run and type-checked from there, and a backend loaded by name as other installers lay it.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed, root, run } from '../../command.mjs';
import { tally } from '../report.mjs';
import { findPackages } from '../workspace.mjs';
import { byNameGlobally, byNameWithNpm, byNameWithPnpm } from './by-name.mjs';
import { exampleOfReadme } from './example.mjs';
import { installTarballs, runExample, startsBinaries, typesOfExample } from './folder.mjs';
import { contentsOf, pack } from './pack.mjs';
import { exampleOnWasm } from './tensorflow.mjs';

/**
 * @typedef {import('../report.mjs').Outcome} Outcome
 * @typedef {import('./pack.mjs').Packed} Packed
 */

/**
 * Packs every publishable package, lints the tarballs, and uses them from an empty folder. The
 * packages must be built. Third-party dependencies come from npm's registry or cache.
 */
export async function consumer() {
  const folder = mkdtempSync(join(tmpdir(), 'sketchgrad-consumer-'));
  try {
    /** @type {Outcome[]} */
    const outcomes = [];
    for await (const outcome of consume(folder)) {
      console.log(`${outcome.passed ? '✓' : '✗'} ${outcome.name}`);
      outcomes.push(outcome);
    }
    return tally(outcomes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder an empty one
 * @returns {AsyncGenerator<Outcome>}
 */
async function* consume(folder) {
  const publishable = findPackages(root).filter(({ manifest }) => !manifest.private);
  const packed = await inParallel(publishable, (one) => pack(one, folder));
  yield* (await inParallel(packed, lintTarball)).flat();

  const ready = await installTarballs(made(folder, 'npm'), packed, { '@types/node': '^20.19.0' });
  yield ready;
  if (!ready.passed) return;
  const uses = [
    () => useOf(join(folder, 'npm'), packed),
    async () => [await byNameWithPnpm(made(folder, 'pnpm'), packed)],
    async () => [await byNameGlobally(made(folder, 'global'), packed)],
    async () => [await exampleOnWasm(made(folder, 'tfjs'), packed)],
  ];
  yield* (await inParallel(uses, (use) => use())).flat();
}

/**
 * @param {string} folder where all is installed by npm
 * @param {Packed[]} packed
 * @returns {Promise<Outcome[]>}
 */
async function useOf(folder, packed) {
  const outcomes = [await startsBinaries(folder, packed), await byNameWithNpm(folder)];
  const { source, problem } = exampleOfReadme();
  if (source === undefined) {
    return [...outcomes, { name: "README's example", passed: false, detail: problem }];
  }
  return [...outcomes, await runExample(folder, source), await typesOfExample(folder, source)];
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {string} the new folder of that name in it
 */
function made(folder, name) {
  mkdirSync(join(folder, name));
  return join(folder, name);
}

/**
 * @param {Packed} packed
 * @returns {Promise<Outcome[]>}
 */
async function lintTarball(packed) {
  const { tarball, manifest } = packed;
  const outcomes = [
    contentsOf(packed),
    await passes(`publint ${manifest.name}`, ['publint', tarball, '--strict']),
  ];
  // A package that is only a command has no types to look at.
  if ('.' in (manifest.exports ?? {})) {
    const options = ['--profile', 'esm-only', '--no-definitely-typed', '--no-color', '--no-emoji'];
    outcomes.push(await passes(`attw ${manifest.name}`, ['attw', tarball, ...options]));
  }
  return outcomes;
}

/**
 * @param {string} name
 * @param {string[]} command a program that the root installs, and its arguments
 * @returns {Promise<Outcome>}
 */
async function passes(name, [program = '', ...rest]) {
  const { code, output, errors } = await run([installed(program), ...rest], { capture: true });
  return { name, passed: code === 0, detail: output + errors };
}

/**
 * Maps with as many calls at a time as there are cores; results in the order of the items.
 * @template Item, Result
 * @param {Item[]} items
 * @param {(item: Item) => Promise<Result>} map
 * @returns {Promise<Result[]>}
 */
async function inParallel(items, map) {
  /** @type {Result[]} */
  const results = [];
  const entries = items.entries();
  const worker = async () => {
    for (const [index, item] of entries) results[index] = await map(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}
