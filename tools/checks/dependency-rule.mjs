// The arrows between packages, read from the manifests and from what the sources import:
//
//     apps → bench → train → models → datasets → core ← backend-*
//                    train ← tfjs-layers
//
// Each may use what stands to its right, in one step or several. A backend uses core alone, and
// nobody's source imports a backend: it is picked by name at run time. Core depends on nothing, nor does
// assembly, which is not published: it becomes part of the backends that are built with it. Of a
// package with an entry `./node`, what needs Node is in src/node alone, or in src/command-line where that
// is an entry too: the rest runs in browsers.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { findPackages } from './workspace.mjs';

/** @typedef {import('./workspace.mjs').Package} Package */

const scope = '@sketchgrad/';
/** Part of those that are built with it, which have it among their devDependencies. */
const builtIn = 'assembly';
const libraries = ['bench', 'train', 'models', 'datasets', 'core'];

/**
 * The packages of ours that a package's source may import.
 * @param {Package} one
 * @returns {string[] | undefined} short names; undefined where the rule does not know the package
 */
function importable({ location, manifest }) {
  const name = shortName(manifest.name);
  if (location.startsWith('examples/')) return [...libraries, 'tfjs-layers'];
  if (location.startsWith('apps/')) return libraries;
  if (name === 'testing' || isBackend(name)) return ['core'];
  if (name === builtIn) return [];
  if (name === 'tfjs-layers') return ['train', 'core'];
  const position = libraries.indexOf(name);
  return position < 0 ? undefined : libraries.slice(position + 1);
}

/**
 * Every breach of the rule, each a sentence that names the package or the file.
 * @param {string} root the repository's root, or a tree made like it
 * @returns {string[]}
 */
export function dependencyBreaches(root) {
  const packages = findPackages(root);
  return [
    ...packages.flatMap((one) => manifestBreaches(one)),
    ...packages.flatMap((one) => sourceBreaches(one)),
    ...cycles(packages),
  ];
}

/**
 * @param {Package} one
 * @returns {string[]}
 */
function manifestBreaches(one) {
  const { manifest, location } = one;
  const at = `${location}/package.json`;
  const may = importable(one);
  if (!manifest.name.startsWith(scope) || !may) {
    return [`${at}: the dependency rule knows no place for ${manifest.name}; give it one there`];
  }
  const used = runtimeDependencies(manifest);
  if (may.length === 0) {
    return [
      ...used.map(
        (name) => `${at}: ${shortName(manifest.name)} depends on nothing, yet lists ${name}`,
      ),
      ...ours(Object.keys(manifest.devDependencies ?? {})).map(
        (name) =>
          `${at}: ${shortName(manifest.name)} stands below every other package, yet lists ${scope}${name}`,
      ),
    ];
  }
  // An app or an example lists a backend so that it is installed; it still loads it by name.
  const listable = (/** @type {string} */ name) =>
    may.includes(name) || (/^(apps|examples)\//.test(location) && isBackend(name));
  return ours(used)
    .filter((name) => !listable(name))
    .map(
      (name) => `${at}: ${manifest.name} may not depend on ${scope}${name}, only on ${list(may)}`,
    );
}

/**
 * @param {Package} one
 * @returns {string[]}
 */
function sourceBreaches(one) {
  const { manifest, folder, location } = one;
  const may = importable(one) ?? [];
  const listed = runtimeDependencies(manifest);
  const entries = Object.keys(manifest.exports ?? {});
  const nodeRooms = ['node', 'command-line'].filter((room) => entries.includes(`./${room}`));
  const runsAnywhere = nodeRooms.includes('node');
  const isOfNode = (/** @type {string} */ path) =>
    nodeRooms.some((room) => path.startsWith(join(folder, 'src', room) + sep));
  /** @type {string[]} */
  const breaches = [];
  for (const file of sourceFiles(join(folder, 'src'))) {
    const at = `${location}/${relative(folder, file).split(sep).join('/')}`;
    for (const specifier of importsOf(readFileSync(file, 'utf8'))) {
      const say = (/** @type {string} */ why) =>
        breaches.push(`${at}: imports ${specifier}: ${why}`);
      if (specifier.startsWith('.')) {
        const target = resolve(file, '..', specifier);
        if (!target.startsWith(folder + sep)) {
          say('it leaves the package; import the other package by its name');
        } else if (runsAnywhere && isOfNode(target) && !isOfNode(file)) {
          say('what is there needs Node, and is reached by its own entry only');
        }
        continue;
      }
      // The package's own files by a condition; those for browsers are bundled, and looked at then.
      if (specifier in (manifest.imports ?? {})) continue;
      const [name] = ours([specifier]);
      if (runsAnywhere && !isOfNode(file) && needsNode(specifier)) {
        say(`${location} runs in browsers too, but for its src/${nodeRooms.join(' and src/')}`);
      } else if (name === undefined) {
        if (may.length === 0 && !specifier.startsWith('node:')) say('core depends on nothing');
      } else if (isBackend(name)) {
        say('a backend is picked by name at run time (loadBackend)');
      } else if (name === builtIn && isBackend(shortName(manifest.name))) {
        if (!(scope + builtIn in (manifest.devDependencies ?? {})))
          say(`${location}/package.json does not list it in its devDependencies`);
      } else if (!may.includes(name)) {
        say(
          may.length === 0 ? 'core depends on nothing' : `only ${list(may)} may be imported here`,
        );
      } else if (!listed.includes(scope + name)) {
        say(`${location}/package.json does not list it in its dependencies`);
      }
    }
  }
  return breaches;
}

/**
 * Rings of packages that need each other, development dependencies included.
 * @param {Package[]} packages
 * @returns {string[]}
 */
function cycles(packages) {
  const edges = new Map(
    packages.map(({ manifest }) => [
      manifest.name,
      [...runtimeDependencies(manifest), ...Object.keys(manifest.devDependencies ?? {})],
    ]),
  );
  /** @type {Map<string, 'open' | 'done'>} */
  const state = new Map();
  /** @type {string[]} */
  const found = [];
  /** @param {string} name @param {string[]} path */
  const visit = (name, path) => {
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open') {
      found.push(
        `these packages need each other: ${[...path.slice(path.indexOf(name)), name].join(' → ')}`,
      );
      return;
    }
    state.set(name, 'open');
    for (const next of edges.get(name) ?? []) if (edges.has(next)) visit(next, [...path, name]);
    state.set(name, 'done');
  };
  for (const name of edges.keys()) visit(name, []);
  return found;
}

/** @param {string} specifier */
function needsNode(specifier) {
  return (
    specifier.startsWith('node:') ||
    (specifier.startsWith(scope) && /\/(node|command-line)$/.test(specifier))
  );
}

/**
 * What a module imports or re-exports, types included; dynamic imports where they name a constant.
 * @param {string} source
 * @returns {string[]}
 */
function importsOf(source) {
  return ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName);
}

/**
 * @param {string} folder
 * @returns {string[]} TypeScript and JavaScript files at any depth
 */
export function sourceFiles(folder) {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[cm]?[jt]sx?$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return [];
    throw error;
  }
}

/** @param {import('./workspace.mjs').Manifest} manifest */
function runtimeDependencies(manifest) {
  return [
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
    ...Object.keys(manifest.optionalDependencies ?? {}),
  ];
}

/**
 * The short names of the packages of ours among these specifiers.
 * @param {string[]} specifiers
 */
function ours(specifiers) {
  return specifiers.filter((name) => name.startsWith(scope)).map(shortName);
}

/** @param {string} specifier '@sketchgrad/train/node' → 'train' */
function shortName(specifier) {
  return specifier.split('/')[1] ?? '';
}

/** @param {string} name a short name */
function isBackend(name) {
  return name.startsWith('backend-');
}

/** @param {string[]} names short names */
function list(names) {
  return names.map((name) => scope + name).join(', ');
}
