// What packages there are: every folder of packages/ and apps/ that has a package.json.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Manifest the parts of a package.json that the checks read
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {Record<string, unknown>} [exports]
 * @property {Record<string, unknown>} [imports]
 * @property {Record<string, string>} [bin]
 * @property {Record<string, string>} [scripts]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 *
 * @typedef {object} Package
 * @property {string} folder absolute
 * @property {string} location from the root, e.g. 'packages/core'
 * @property {Manifest} manifest
 */

/**
 * @param {string} root
 * @returns {Package[]} in alphabetical order
 */
export function findPackages(root) {
  return ['apps', 'packages']
    .filter((group) => existsSync(join(root, group)))
    .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
    .filter((location) => existsSync(join(root, location, 'package.json')))
    .sort()
    .map((location) => ({
      location,
      folder: join(root, location),
      manifest: readManifest(join(root, location, 'package.json')),
    }));
}

/**
 * @param {string} file
 * @returns {Manifest}
 */
function readManifest(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is no JSON: ${/** @type {Error} */ (error).message}`);
  }
}
