// Starts other programs for the repository's scripts. Uses Node alone: tools/run.mjs needs it
// before anything is installed.

import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * The path of a program that the root's devDependencies install.
 * @param {string} name e.g. 'turbo'
 */
export function installed(name) {
  return join(root, 'node_modules', '.bin', name);
}

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd] the repository's root unless given
 * @property {NodeJS.ProcessEnv} [environment] ours unless given
 * @property {boolean} [capture] keep the output instead of passing it through
 * @property {number} [secondsAllowed] kills the program after so long
 */

/**
 * Runs a program to its end. Its standard input is ours.
 * @param {string[]} command
 * @param {CommandOptions} [options]
 * @returns {Promise<{ code: number, output: string, errors: string }>} exit code (130 after Ctrl-C),
 *   and standard output and error where captured
 */
export function run(command, options = {}) {
  const { cwd = root, environment = process.env, capture = false, secondsAllowed } = options;
  const [program = '', ...rest] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, {
      cwd,
      // Some programs colour their output in CI whether or not a terminal reads it.
      env: capture ? { ...environment, NO_COLOR: '1' } : environment,
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      ...(secondsAllowed === undefined ? {} : { timeout: secondsAllowed * 1000 }),
      // Programs that npm installs are .cmd files there, which only a shell can start.
      shell: process.platform === 'win32' && program !== process.execPath,
    });
    let output = '';
    let errors = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      errors += text;
    });
    // A terminal's Ctrl-C reaches the child by itself: wait for the child to finish its own way.
    const onInterrupt = () => {
      if (!process.stdin.isTTY) child.kill('SIGINT');
    };
    const onTerminate = () => child.kill('SIGTERM');
    process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
    const release = () => process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate);
    child.on('error', (error) => {
      release();
      reject(error);
    });
    child.on('close', (code, signal) => {
      release();
      resolve({ code: code ?? (signal === 'SIGINT' ? 130 : 1), output, errors });
    });
  });
}

/**
 * Runs turbo: no telemetry, each task's output in one piece, and no colour codes in a file or pipe.
 * @param {string[]} arguments_ what follows `turbo run` on the command line
 * @param {CommandOptions} [options]
 */
export function turbo(arguments_, options = {}) {
  const environment = {
    ...process.env,
    TURBO_TELEMETRY_DISABLED: '1',
    ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
  };
  const logs = ['--log-order=grouped', '--log-prefix=none'];
  return run([installed('turbo'), 'run', ...arguments_, ...logs], { ...options, environment });
}
