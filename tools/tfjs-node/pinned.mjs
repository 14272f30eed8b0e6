// What is set up. npm's packages, their versions and their checksums are pinned by install/package-lock.json.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const read = (/** @type {string} */ name) => readFileSync(new URL(name, import.meta.url), 'utf8');

const manifest = JSON.parse(read('install/package.json'));

/** @type {string} The version of @tensorflow/tfjs-node. */
export const version = manifest.dependencies['@tensorflow/tfjs-node'];

/**
 * @typedef {object} Wheel
 * @property {string} requirement as pip has it
 * @property {string} sha256 of the wheel
 * @property {string} platform as pip names it
 * @property {string} python the version of Python that the wheel is for, whichever one unpacks it
 */

/**
 * The wheel on PyPI that holds libtensorflow and its headers, by `process.platform` and `process.arch`. It
 * is taken where the package's own installer finds nothing; tfjs-node is built against its C interface, which
 * has been stable since libtensorflow 2.9.1, the version that tfjs-node 4.22.0 fetches.
 *
 * @type {Readonly<Record<string, Wheel>>}
 */
export const wheels = {
  'linux-x64': {
    requirement: 'tensorflow-cpu==2.15.1',
    sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
    platform: 'manylinux2014_x86_64',
    python: '3.11',
  },
};

/** Another one where anything else is pinned: what was set up before is not taken for it. */
export const pins = createHash('sha256')
  .update(read('install/package-lock.json') + JSON.stringify(wheels))
  .digest('hex');
