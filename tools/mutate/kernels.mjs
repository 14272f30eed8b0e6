// The room `kernels`: faults in the WebAssembly's sources, each compiled by itself and given to the tests
// of the backends that it is part of.

import { execFile } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { faultsUnder, withFault } from './assembly.mjs';
import { copyTree } from './copy.mjs';
import { draw } from './sample.mjs';

/** @typedef {import('./sample.mjs').Drawn} Drawn */

const execute = promisify(execFile);

export const KERNELS = 'kernels';

const ASSEMBLY = 'packages/assembly';
const CPU = 'packages/backend-cpu';
const TFJS = 'packages/backend-tfjs';

/** Each kernel by itself, in seconds, where it is called; then all through the CPU backend. */
const SUITES = /** @type {const} */ ([
  { location: CPU, tests: 'test/kernels' },
  { location: TFJS, tests: 'test/host.test.ts' },
  { location: CPU, tests: 'test/conformance.test.ts' },
]);

/** @typedef {typeof SUITES[number]} Suite */

/**
 * Puts in so many faults one by one; gives a line with the score.
 * @param {string} root
 * @param {{ count: number, seed: number, describe: (copy: string, mutant: Drawn) => string }} options
 */
export async function mutateKernels(root, { count, seed, describe }) {
  const all = faultsUnder(root, `${ASSEMBLY}/src`);
  const drawn = draw(all, count, seed);
  console.log(`▸ ${KERNELS}: ${drawn.length} of ${all.length} mutants, seed ${seed}`);
  const copy = await copyTree(root);
  useCopied(root, copy);
  try {
    const began = performance.now();
    for (const suite of SUITES)
      if (!(await passes(copy, suite, 30 * 60_000)))
        throw new Error(
          `${suite.location}/${suite.tests} fails without any mutant: build and test the package first`,
        );
    // A fault may make a loop endless.
    const allowed = 60_000 + 5 * (performance.now() - began);
    let found = 0;
    let refused = 0;
    let missed = 0;
    for (const mutant of drawn) {
      if (!(await compiled(copy, mutant))) refused++;
      else if (await passesAll(copy, allowed)) {
        missed++;
        console.log(describe(copy, mutant));
      } else found++;
    }
    const share = ((100 * found) / (found + missed)).toFixed(0);
    const left = refused > 0 ? `; ${refused} do not compile and are left out` : '';
    return `${KERNELS}: ${found} of ${found + missed} found, ${share} %${left}`;
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/**
 * Lets the copy of what imports a module import the copy's: its node_modules lead to the root's.
 * @param {string} root
 * @param {string} copy
 */
function useCopied(root, copy) {
  const [from, to] = [join(root, TFJS, 'node_modules'), join(copy, TFJS, 'node_modules')];
  rmSync(to);
  mkdirSync(join(to, '@sketchgrad'), { recursive: true });
  for (const name of readdirSync(from))
    if (name !== '@sketchgrad') symlinkSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, '@sketchgrad'))) {
    const ours = name === 'assembly' ? join(copy, ASSEMBLY) : join(from, '@sketchgrad', name);
    symlinkSync(ours, join(to, '@sketchgrad', name));
  }
}

/**
 * Compiles the kernels with a mutant, where the tests of the copy look for them.
 * @param {string} copy
 * @param {Drawn} mutant
 * @returns {Promise<boolean>} whether they compile
 */
async function compiled(copy, mutant) {
  const file = join(copy, mutant.file);
  const source = readFileSync(file, 'utf8');
  writeFileSync(file, withFault(source, mutant));
  try {
    // Compiled in less time; what the kernels compute is the same to the bit.
    const script = ['scripts/build.mjs', '-O1'];
    await execute(process.execPath, script, { cwd: join(copy, ASSEMBLY) });
  } catch {
    return false;
  } finally {
    writeFileSync(file, source);
  }
  copyFileSync(join(copy, ASSEMBLY, 'dist/cpu.wasm'), join(copy, CPU, 'dist/kernels.wasm'));
  return true;
}

/**
 * @param {string} copy
 * @param {number} allowed milliseconds
 */
async function passesAll(copy, allowed) {
  for (const suite of SUITES) if (!(await passes(copy, suite, allowed))) return false;
  return true;
}

/**
 * Whether a suite passes in time; it ends at its first failure.
 * @param {string} copy
 * @param {Suite} suite
 * @param {number} allowed milliseconds
 */
async function passes(copy, { location, tests }, allowed) {
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
  // Threads end with the process, whatever they are doing.
  const how = ['--pool=threads', '--bail=1', '--reporter=dot'];
  const command = [vitest, 'run', '--config', '../../vitest.config.ts', ...how, tests];
  const options = { cwd: join(copy, location), timeout: allowed, maxBuffer: 2 ** 30 };
  try {
    await execute(process.execPath, command, { ...options, killSignal: 'SIGKILL' });
    return true;
  } catch {
    return false;
  }
}
