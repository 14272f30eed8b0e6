// What the package.json of every published package must say, and what must stand beside it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findPackages } from './workspace.mjs';

/**
 * Every breach, each a sentence that names the file.
 * @param {string} root the repository's root, or a tree made like it
 * @returns {string[]}
 */
export function manifestBreaches(root) {
  return findPackages(root)
    .filter(({ manifest }) => !manifest.private)
    .flatMap(({ location, folder, manifest }) => {
      const expected = {
        license: 'MIT',
        type: 'module',
        sideEffects: false,
        engines: { node: '>=20' },
        publishConfig: { access: 'public' },
        repository: {
          type: 'git',
          url: 'git+https://github.com/sketchgrad/sketchgrad.git',
          directory: location,
        },
      };
      const actual = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (manifest));
      const wrong = Object.entries(expected)
        .filter(([key, value]) => JSON.stringify(actual[key]) !== JSON.stringify(value))
        .map(
          ([key, value]) =>
            `${location}/package.json: ${key} is ${JSON.stringify(actual[key])}; expected ${JSON.stringify(value)}`,
        );
      const empty = ['description', 'keywords', 'files', 'exports']
        .filter((key) => Object.keys(actual[key] ?? {}).length === 0)
        .map((key) => `${location}/package.json: ${key} is missing or empty`);
      const readme = existsSync(join(folder, 'README.md'))
        ? []
        : [`${location}/README.md is missing: it is the page that npm shows`];
      return [...wrong, ...empty, ...readme];
    });
}
