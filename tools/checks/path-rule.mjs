// What CONTRIBUTING.md says to look at, add to or write beside is there: files move, and a list of steps
// that sends a newcomer to a place that is none is worse than no list.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Not the repository's: what is installed or built. */
const PASSED_OVER = new Set(['node_modules', 'dist', 'build', 'coverage']);

/**
 * @param {string} root the repository's root, or a tree made like it
 * @returns {string[]} one line for each path that is named and is not there
 */
export function pathBreaches(root) {
  const file = join(root, 'CONTRIBUTING.md');
  if (!existsSync(file)) return [];
  const places = placesIn(root);
  return namedPaths(readFileSync(file, 'utf8'))
    .filter(({ path }) => !isThere(path, places))
    .map(({ path, line }) => `CONTRIBUTING.md:${line}: '${path}' is not there`);
}

/**
 * Paths between backticks, with a slash in them, and where links lead; not those of a home, a package's
 * entry, or a package.
 * @param {string} text
 * @returns {{ path: string, line: number }[]}
 */
export function namedPaths(text) {
  return text.split('\n').flatMap((line, at) =>
    [...line.matchAll(/`(\w[\w.-]*\/[\w./-]*)`|\]\(([\w./-]+)\)/g)]
      .map(([, span, link]) => /** @type {string} */ (span ?? link))
      .filter((path) => !PASSED_OVER.has(path.replace(/\/$/, '')))
      .map((path) => ({ path, line: at + 1 })),
  );
}

/**
 * Whether something ends in the path: a list names places from the folder that it is about. NAME stands for
 * any name.
 * @param {string} path
 * @param {readonly string[]} places
 */
function isThere(path, places) {
  const folder = path.endsWith('/') ? '/' : '';
  const text = path.replace(/\/$/, '').replaceAll('.', '\\.').replaceAll('NAME', '[^/]+');
  // From the root, where it begins with a folder of the root's.
  const from = /^(packages|apps|tools)\//.test(path) ? '^' : '(^|/)';
  const pattern = new RegExp(`${from}${text}${folder || '/?'}$`);
  return places.some((place) => pattern.test(place));
}

/**
 * Every file, and every folder with a slash behind it, from the root.
 * @param {string} root
 * @param {string} [folder]
 * @returns {string[]}
 */
function placesIn(root, folder = '') {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (!entry.isDirectory()) return [path];
    if (PASSED_OVER.has(entry.name) || entry.name.startsWith('.')) return [];
    return [`${path}/`, ...placesIn(root, `${path}/`)];
  });
}
