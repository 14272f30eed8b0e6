// Sets up @tensorflow/tfjs-node with a real libtensorflow, once for all checkouts of a user.

import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from '../bootstrap.mjs';
import { VARIABLE } from './folder.mjs';
import { must } from './must.mjs';
import { pins } from './pinned.mjs';
import { buildFromRegistries } from './recipe.mjs';

const file = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

/** Written last, into a set-up that is whole: nothing without it is taken for one, or removed. */
const MARK = 'set-up.json';

/**
 * @typedef {{ tfjsNode: string, libtensorflow: string }} Versions
 *
 * @typedef {object} Ways how it is done, for tests
 * @property {(folder: string, environment: NodeJS.ProcessEnv) => Promise<void>} packages npm's part
 * @property {readonly Installer[]} installers one after another, until one works
 * @property {(folder: string, environment: NodeJS.ProcessEnv) => Promise<Versions>} probe
 *
 * @typedef {object} Installer
 * @property {string} name
 * @property {(folder: string, environment: NodeJS.ProcessEnv) => Promise<void>} install
 */

/** @type {Ways} */
const ways = {
  packages: installPackages,
  installers: [
    { name: "the package's own installer", install: runOwnInstaller },
    { name: 'the wheel of TensorFlow', install: buildFromRegistries },
  ],
  probe,
};

/**
 * Sets tfjs-node up in a folder, if it is not there and working already. It is made beside the folder, tried,
 * and only then given its name, so that what is there is whole.
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} environment
 * @param {Ways} [how]
 * @returns {Promise<Versions>}
 * @throws SetupError that says what failed and what would help
 */
export async function setUp(folder, environment, how = ways) {
  if (existsSync(folder)) {
    if (!existsSync(join(folder, MARK)))
      throw new SetupError(
        `${folder} is there and is no set-up of tfjs-node: remove it, or name another folder by ${VARIABLE}`,
      );
    const found = await tryAgain(folder, environment, how).catch(asSetupError);
    if (!(found instanceof SetupError)) return found;
    console.error(`${folder} is set up again: ${found.message}`);
    await rm(folder, { recursive: true });
  }
  await mkdir(dirname(folder), { recursive: true });
  const made = await mkdtemp(`${folder}-`);
  try {
    await how.packages(made, environment);
    const versions = await installOneWay(made, environment, how);
    await writeFile(join(made, MARK), `${JSON.stringify({ ...versions, pins }, null, 2)}\n`);
    await rename(made, folder).catch((error) => {
      // Another process has been faster, and what is there is whole.
      if (!existsSync(join(folder, MARK))) throw error;
    });
    return versions;
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder set up some time ago
 * @param {NodeJS.ProcessEnv} environment
 * @param {Ways} how
 */
async function tryAgain(folder, environment, { probe }) {
  if (JSON.parse(readFileSync(join(folder, MARK), 'utf8')).pins !== pins)
    throw new SetupError('other versions are pinned now');
  return probe(folder, environment);
}

/**
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} environment
 * @param {Ways} how
 */
async function installOneWay(folder, environment, { installers, probe }) {
  const failures = [];
  for (const { name, install } of installers) {
    console.error(`Setting tfjs-node up by ${name} …`);
    try {
      await install(folder, environment);
      // An installer may end well and have installed nothing that works.
      return await probe(folder, environment);
    } catch (error) {
      const { message } = asSetupError(error);
      failures.push(`by ${name}: ${message}`);
      console.error(message.split('\n', 1)[0]);
    }
  }
  throw new SetupError(`tfjs-node cannot be set up\n${failures.join('\n')}`);
}

/**
 * @param {unknown} error
 * @returns {SetupError}
 */
function asSetupError(error) {
  if (error instanceof SetupError) return error;
  throw error;
}

/**
 * npm's packages at the locked versions, checked against their checksums. None of their scripts runs.
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} environment
 */
async function installPackages(folder, environment) {
  for (const name of ['package.json', 'package-lock.json'])
    await copyFile(file(`install/${name}`), join(folder, name));
  console.error('Installing @tensorflow/tfjs-node with npm …');
  await must('npm', ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    environment,
    secondsAllowed: 600,
    advice: 'a first set-up needs the npm registry',
  });
}

/**
 * The package's script, which fetches libtensorflow and the binding from Google's store.
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} environment
 */
async function runOwnInstaller(folder, environment) {
  await must('the installer', ['npm', 'run', 'install'], {
    cwd: join(folder, 'node_modules/@tensorflow/tfjs-node'),
    environment,
    secondsAllowed: 300,
  });
}

/**
 * Loads it and computes something, in a process of its own.
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<Versions>}
 */
async function probe(folder, environment) {
  const command = [process.execPath, file('probe.mjs'), folder];
  const quiet = { ...environment, TF_CPP_MIN_LOG_LEVEL: '3' };
  const printed = await must('loading it', command, { environment: quiet, secondsAllowed: 120 });
  return JSON.parse(printed.trim().split('\n').at(-1) ?? '');
}
