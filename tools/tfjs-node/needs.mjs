// What building tfjs-node from source needs of the machine, and what to do where it is missing.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError } from '../bootstrap.mjs';
import { run } from '../command.mjs';

/**
 * @typedef {object} Needs
 * @property {string} python a Python with pip
 * @property {string | undefined} headers the folder whose `include/node` has Node's headers; where there is
 *   none, node-gyp fetches them, or knows of others
 *
 * @typedef {object} Program
 * @property {string} what it is
 * @property {readonly (readonly string[])[]} commands each succeeds where the program is; the first that does
 * @property {string} fix
 */

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {readonly [python: Program, ...Program[]]}
 */
const programs = (environment) => [
  {
    what: 'Python 3 with pip',
    commands: [environment.PYTHON, 'python3', 'python']
      .filter((name) => name !== undefined && name !== '')
      .map((name) => [/** @type {string} */ (name), '-m', 'pip', '--version']),
    fix: 'apt-get install python3-pip, or set PYTHON to a Python that has pip',
  },
  {
    what: 'make',
    commands: [[environment.MAKE || 'make', '--version']],
    fix: 'apt-get install make',
  },
  {
    what: 'a C++ compiler',
    commands: (environment.CXX ? [environment.CXX] : ['g++', 'c++']).map((name) => [
      name,
      '--version',
    ]),
    fix: 'apt-get install g++, or set CXX to a C++ compiler',
  },
];

/**
 * What is there of what is needed.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<Needs>}
 * @throws SetupError that names all that is missing, and how to get it
 */
export async function needs(environment) {
  const missing = [];
  const found = [];
  for (const { what, commands, fix } of programs(environment)) {
    const command = await firstThatRuns(commands, environment);
    if (command === undefined) missing.push(`${what} (${fix})`);
    found.push(command);
  }
  if (missing.length > 0)
    throw new SetupError(`building tfjs-node needs what is not here: ${missing.join('; ')}`);
  return { python: found[0]?.[0] ?? '', headers: headersOf(process.execPath) };
}

/**
 * @param {readonly (readonly string[])[]} commands
 * @param {NodeJS.ProcessEnv} environment
 */
async function firstThatRuns(commands, environment) {
  for (const command of commands) {
    const options = { environment, capture: true, secondsAllowed: 60 };
    // A program that is not there is an error of its start, one that does not work has an exit code.
    const ran = await run([...command], options).catch(() => ({ code: 1 }));
    if (ran.code === 0) return command;
  }
  return undefined;
}

/**
 * The folder that a Node was installed in, if its headers came with it.
 * @param {string} program Node's, absolute
 */
export function headersOf(program) {
  const folder = dirname(dirname(program));
  return existsSync(join(folder, 'include/node/node_api.h')) ? folder : undefined;
}
