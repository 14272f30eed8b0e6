// On a machine that has only Node and npm: fetch the pnpm that package.json pins, install the locked
// dependencies, then run one of the repository's programs. Uses nothing but Node itself, because
// nothing else is installed yet.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, run } from './command.mjs';

/** What each word on the command line runs once everything is installed. */
const programs = {
  start: 'tools/start.mjs',
  test: 'tools/checks/all.mjs',
  'test:libtensorflow': 'tools/tfjs-node/test.mjs',
};

/** A mistake of the machine's or the caller's, shown without a stack. */
export class SetupError extends Error {}

/**
 * The pinned package manager as npm names it, e.g. 'pnpm@10.34.8'.
 * @param {{ packageManager?: string }} manifest
 */
export function pinnedPackageManager(manifest) {
  const pinned = manifest.packageManager ?? '';
  const match = /^(pnpm@\d+\.\d+\.\d+)(\+.*)?$/.exec(pinned);
  if (!match?.[1]) {
    throw new SetupError(
      `package.json pins the package manager ${JSON.stringify(pinned)}; expected "pnpm@" and an exact version`,
    );
  }
  return match[1];
}

/**
 * Throws unless this Node is new enough.
 * @param {string} version as process.versions.node gives it
 * @param {{ engines?: { node?: string } }} manifest
 */
export function requireNode(version, manifest) {
  const range = manifest.engines?.node ?? '';
  const least = Number(/^>=(\d+)$/.exec(range)?.[1]);
  if (Number.isNaN(least)) {
    throw new SetupError(
      `package.json asks for Node ${JSON.stringify(range)}; expected ">=" and a number`,
    );
  }
  if (Number(version.split('.')[0]) < least) {
    throw new SetupError(`Node ${version} is too old: Node ${least} or newer is needed`);
  }
}

/**
 * The command that runs npx: the one beside the npm that called us, or else the one on the PATH.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string[]}
 */
export function npxCommand(environment) {
  const npm = environment.npm_execpath ?? '';
  const npx = join(dirname(npm), 'npx-cli.js');
  if (npm.endsWith('npm-cli.js') && existsSync(npx)) return [process.execPath, npx];
  return ['npx'];
}

/**
 * The environment for what we start: ours, less what npm says about the script that it is running
 * (which would describe the wrong script), and with the tools' telemetry off.
 * @param {NodeJS.ProcessEnv} environment
 */
function childEnvironment(environment) {
  const kept = Object.entries(environment).filter(
    ([name]) => !/^npm_(lifecycle|package)_|^npm_(command|execpath|node_execpath)$/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    TURBO_TELEMETRY_DISABLED: '1',
    npm_config_update_notifier: 'false',
  };
}

/**
 * Installs, runs the program that the first argument names, and gives the exit code.
 * @param {string[]} arguments_
 */
export async function bootstrap(arguments_) {
  const [word = '', ...rest] = arguments_;
  const program = Object.entries(programs).find(([name]) => name === word)?.[1];
  if (!program) {
    throw new SetupError(
      `unknown word ${JSON.stringify(word)}; expected one of ${Object.keys(programs).join(', ')}`,
    );
  }
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  requireNode(process.versions.node, manifest);
  const pnpm = pinnedPackageManager(manifest);
  const npx = npxCommand(process.env);
  const environment = childEnvironment(process.env);

  console.log(`Installing with ${pnpm} …`);
  const install = ['install', '--frozen-lockfile', '--prefer-offline'];
  const installing = await run([...npx, '--yes', pnpm, ...install], { environment }).catch(
    (error) => {
      throw new SetupError(
        `cannot start npx (${error.message}); it comes with npm, which comes with Node`,
      );
    },
  );
  if (installing.code !== 0) {
    throw new SetupError(
      `installing failed with exit code ${installing.code} (see above); a first run needs the npm registry`,
    );
  }
  const path = await pathWith([...npx, '--yes', `--package=${pnpm}`], environment);
  const { code } = await run([process.execPath, join(root, program), ...rest], {
    environment: { ...environment, PATH: path },
  });
  return code;
}

/**
 * The PATH on which npx puts the packages that it was told of: turbo calls pnpm by its name.
 * @param {string[]} npx
 * @param {NodeJS.ProcessEnv} environment
 */
async function pathWith(npx, environment) {
  const print = ['--', 'node', '-p', 'process.env.PATH'];
  const { code, output, errors } = await run([...npx, ...print], { environment, capture: true });
  if (code !== 0) throw new SetupError(`npx cannot provide pnpm:\n${errors}`);
  return output.trim();
}
