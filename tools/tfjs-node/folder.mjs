// Where tfjs-node is set up: outside the checkout, so that clones and clean checkouts share one.

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { version } from './pinned.mjs';

/** The environment variable that names another folder. */
export const VARIABLE = 'SKETCHGRAD_TFJS_NODE';

/**
 * The folder that holds `node_modules/@tensorflow/tfjs-node`.
 * @param {NodeJS.ProcessEnv} environment
 */
export function folderOf(environment) {
  const given = environment[VARIABLE];
  if (given) return resolve(given);
  const caches = environment.XDG_CACHE_HOME || join(homedir(), '.cache');
  const system = `${process.platform}-${process.arch}`;
  return join(caches, 'sketchgrad', `tfjs-node-${version}-${system}`);
}
