// What can be mutated, and whose tests should notice.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findPackages } from '../checks/workspace.mjs';

/**
 * @typedef {object} Room
 * @property {string} name a package's folder, e.g. 'core'
 * @property {string} location from the root, e.g. 'packages/core'
 * @property {string[]} own patterns of the room's own tests
 * @property {string[]} users patterns of the tests of packages that use it
 */

/** The rooms that pnpm mutate takes; kernels are AssemblyScript, which Stryker cannot read. */
export const ROOMS = ['core', 'models', 'datasets', 'train', 'bench', 'glue', 'gcn'];

/** Tests of the process as a whole: its memory, its signals, its disk. They see no mutant. */
const LEFT_OUT = [
  'packages/bench/test/resident-peak.test.ts',
  'apps/glue/test/interrupted.test.ts',
];

/**
 * @param {string} root
 * @param {string} name
 * @returns {Room}
 */
export function roomOf(root, name) {
  const packages = findPackages(root);
  const found = packages.find(({ location }) => location.split('/')[1] === name);
  if (!found || !ROOMS.includes(name))
    throw new Error(`'${name}' is no room to mutate; there are: ${ROOMS.join(', ')}`);
  const own = found.manifest.name;
  const users = packages.filter(
    ({ manifest: { name: user, dependencies = {}, devDependencies = {} } }) =>
      user !== own && (own in dependencies || own in devDependencies),
  );
  return {
    name,
    location: found.location,
    own: testsOf(root, found.location),
    users: users.flatMap(({ location }) => testsOf(root, location)),
  };
}

/**
 * @param {string} root
 * @param {string} location
 * @returns {string[]} its test files
 */
function testsOf(root, location) {
  const folder = join(root, location, 'test');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => `${location}/test/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts') && !LEFT_OUT.includes(file))
    .sort();
}
