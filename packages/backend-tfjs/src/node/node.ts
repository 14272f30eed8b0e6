import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import util from 'node:util';
import { missing, type Platform, type PlatformName, unwrapped } from '../platforms/platform.js';
import { adam } from './adam.js';
import { withViews } from './views.js';

/** libtensorflow, by the package that binds it. */
const bound = (name: PlatformName, specifier: string): Platform => ({
  name,
  backend: 'tensorflow',
  abilities: { wholeNumberBits: 32, transposesFirst: false, readsAtOnce: true, adam },
  prepare: withViews,
  load: async () => {
    // Node 23 has dropped it, and tfjs-node 4.22.0 calls it.
    util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
    const folder = process.env[VARIABLE];
    const remedy =
      folder &&
      `not in the folder '${folder}' that the environment variable ${VARIABLE} names; install it there, or unset the variable`;
    return unwrapped(
      await found(specifier, folder).catch(missing(name, specifier, remedy || undefined)),
    );
  },
});

/** The environment variable that names the folder in whose `node_modules` it is, if that is not this program's. */
const VARIABLE = 'SKETCHGRAD_TFJS_NODE';

async function found(specifier: string, folder: string | undefined): Promise<object> {
  if (!folder) return import(specifier);
  return createRequire(join(resolve(folder), 'package.json'))(specifier);
}

/** The platforms that are Node's alone. */
export const nodePlatforms: readonly Platform[] = [
  bound('node-gpu', '@tensorflow/tfjs-node-gpu'),
  bound('node', '@tensorflow/tfjs-node'),
];
